package dev.burstlet.testing;

import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private control plane that the tests of this process share: started when first asked for,
 * ended with the process, however that ends. {@code BURSTLET_TEST_CONTROL_PLANE} may name the
 * folder of one that already runs, which is then left running.
 */
public final class ControlPlane {
    private static @Nullable ControlPlane shared;

    private final Path script;
    private final Path folder;
    private boolean metered;

    private ControlPlane(Path script, Path folder) {
        this.script = script;
        this.folder = folder;
    }

    /** The control plane of this process; fails where none can be had. */
    public static synchronized ControlPlane get() {
        ControlPlane known = shared;
        if (known == null) {
            known = provided();
            shared = known;
        }
        return known;
    }

    public Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /** The administrator's configuration. */
    public Config admin() {
        return config(kubeconfig());
    }

    /** A user's configuration, by a client certificate made for it. */
    public Config as(String user, String... groups) {
        Path file = folder.resolve("kubeconfig-" + user.replace(':', '-'));
        List<String> arguments = new ArrayList<>(List.of("kubeconfig", folder.toString()));
        arguments.add(file.toString());
        arguments.add(user);
        arguments.addAll(List.of(groups));
        run(arguments.toArray(String[]::new));
        return config(file);
    }

    /**
     * Starts the real metrics-server beside it, unless that was done before, and waits until the
     * API server answers metrics.k8s.io.
     */
    public synchronized void metricsServer() {
        if (!metered) {
            run("metrics-server", folder.toString());
            metered = true;
        }
    }

    /** The authority that has signed the certificates of its servers, clients and nodes. */
    public Path authority() {
        return folder.resolve("pki/ca.crt");
    }

    /** Ends one of its processes at once, as an outage does. */
    public void stop(String process) {
        run("stop", folder.toString(), process, "--now");
    }

    /** Starts it again, as it was. */
    public void start(String process) {
        run("start", folder.toString(), process);
    }

    private static Config config(Path kubeconfig) {
        try {
            return Config.fromKubeconfig(Files.readString(kubeconfig));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ControlPlane provided() {
        Path script = script();
        String running = System.getenv("BURSTLET_TEST_CONTROL_PLANE");
        if (running != null) {
            return new ControlPlane(script, Path.of(running));
        }
        try {
            Path folder = Files.createTempDirectory("burstlet-control-plane");
            ControlPlane made = new ControlPlane(script, folder);
            Runtime.getRuntime().addShutdownHook(new Thread(made::down, "control-plane-down"));
            made.run(
                    "up",
                    folder.toString(),
                    "--watch-parent",
                    Long.toString(ProcessHandle.current().pid()),
                    "--cluster-cidr",
                    "10.200.0.0/16",
                    "--extra",
                    "kube-scheduler=--kube-api-qps=1000",
                    "--extra",
                    "kube-scheduler=--kube-api-burst=1000",
                    "--extra",
                    "kube-controller-manager=--horizontal-pod-autoscaler-sync-period=2s",
                    "--extra",
                    "kube-controller-manager=--horizontal-pod-autoscaler-initial-readiness-delay=0s",
                    "--extra",
                    "kube-controller-manager=--horizontal-pod-autoscaler-cpu-initialization-period=0s");
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void down() {
        run("down", folder.toString(), "--now", "--delete");
    }

    private void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        try {
            File log = File.createTempFile("control-plane", ".log");
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log)
                            .start();
            int code = process.waitFor();
            String said = Files.readString(log.toPath(), StandardCharsets.UTF_8);
            Files.delete(log.toPath());
            if (code != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " ended with " + code + ":\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The repository's script, from wherever within the repository the tests run. */
    private static Path script() {
        Path start = Path.of("").toAbsolutePath();
        for (Path place = start; place != null; place = place.getParent()) {
            Path script = place.resolve("deploy/control-plane/control-plane");
            if (Files.isExecutable(script)) {
                return script;
            }
        }
        throw new IllegalStateException("no deploy/control-plane/control-plane above " + start);
    }
}
