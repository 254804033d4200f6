package dev.burstlet.container;

import static org.awaitility.Awaitility.await;

import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes pods on an engine, looks at them, and clears them away. */
public final class Workbench {
    /** How long anything may take that is waited for. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final AtomicInteger PODS = new AtomicInteger();

    private final ContainerEngine engine;
    private final String image;
    private final Owner owner;
    private final List<PodKey> pods = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private @Nullable ImageInfo imageInfo;

    Workbench(ContainerEngine engine, String image, Owner owner) {
        this.engine = engine;
        this.image = image;
        this.owner = owner;
    }

    /** For other tests than the contract's. */
    public static Workbench of(ContainerEngine engine, String image, Owner owner) {
        return new Workbench(engine, image, owner);
    }

    public ContainerEngine engine() {
        return engine;
    }

    public Owner owner() {
        return owner;
    }

    public String image() {
        return image;
    }

    /** The image, pulled where it is missing. */
    public synchronized ImageInfo imageInfo() {
        if (imageInfo == null) {
            imageInfo =
                    engine.imageStatus(image)
                            .orElseGet(() ->
                                    engine.pullImage(
                                            new PullRequest(image, List.of(), PATIENCE, "")));
        }
        return imageInfo;
    }

    /** A new pod's identity. */
    public PodKey key() {
        PodKey key =
                new PodKey(
                        "contract", "pod-" + PODS.incrementAndGet(), UUID.randomUUID().toString());
        pods.add(key);
        return key;
    }

    /** A pod that is not run yet. */
    public TestPod pod() {
        return new TestPod(this, key());
    }

    /** Closes it after the test. */
    public void closeLater(AutoCloseable closeable) {
        open.add(closeable);
    }

    /** Removes what was made. */
    public void clear() {
        for (AutoCloseable closeable : open) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        for (PodKey pod : pods) {
            engine.listPodSandboxes(new Filter(owner, pod.uid()))
                    .forEach(sandbox -> engine.removePodSandbox(sandbox.id()));
            engine.listContainers(new Filter(owner, pod.uid()))
                    .forEach(container -> engine.removeContainer(container.id()));
            engine.removeVolumes(owner, pod);
        }
    }

    public ContainerStatus status(String container) {
        return engine.containerStatus(container).orElseThrow();
    }

    /** Waits for the container's end. */
    public State.Exited exit(String container) {
        return (State.Exited)
                until(() -> status(container).state(), state -> state instanceof State.Exited);
    }

    /** Waits for a value. */
    public <T> T until(Callable<T> value, java.util.function.Predicate<T> wanted) {
        return await().pollInterval(Duration.ofMillis(50))
                .pollDelay(Duration.ZERO)
                .atMost(PATIENCE)
                .until(value, wanted);
    }

    /** The combined log. */
    public String log(String container) {
        return log(container, LogRequest.ALL);
    }

    public String log(String container, LogRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            engine.logs(container, request, out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Waits until the log has this text. */
    public String untilLogged(String container, String text) {
        return until(() -> log(container), log -> log.contains(text));
    }

    /** Runs a script in a container and returns what it wrote, without the last line's end. */
    public String sh(String container, String script) {
        ExecResult result = exec(container, "sh", "-c", script);
        if (result.exitCode() != 0) {
            throw new AssertionError(
                    script + " ended with " + result.exitCode() + ": " + result.output());
        }
        return result.output().stripTrailing();
    }

    public ExecResult exec(String container, String... command) {
        try {
            return engine.execSync(container, List.of(command), PATIENCE, 1 << 16);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The reason of the failure that the action must have. */
    public BackendException.Reason reasonOf(Runnable action) {
        try {
            action.run();
        } catch (BackendException e) {
            return e.reason();
        }
        throw new AssertionError("it did not fail");
    }
}
