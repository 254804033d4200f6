package dev.burstlet.sync;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodStreams;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A host whose containers run as soon as they are wanted and end as soon as they are told to. */
final class PlainHost implements PodLifecycle {
    private final Map<String, HostedPod> pods = new ConcurrentHashMap<>();
    private final Map<String, PodBundle> bundles = new ConcurrentHashMap<>();
    private final AtomicInteger addresses = new AtomicInteger();
    private final AtomicInteger starts = new AtomicInteger();
    private volatile @Nullable PodListener listener;
    private volatile boolean stubborn;
    private volatile boolean silent;

    static HostDescription description(boolean reachable, Instant since, String cause) {
        return new HostDescription(
                new HostDescription.Health(reachable, since, cause),
                new HostDescription.SystemInfo(
                        "linux", "amd64", "6.1.0", "Debian 12", "memory://1", "m", "s", "b"),
                Map.of(
                        "cpu", new Quantity("8"),
                        "memory", new Quantity("16Gi"),
                        "ephemeral-storage", new Quantity("100Gi")),
                HostDescription.Pressures.NONE,
                List.of(new HostDescription.Image(List.of("busybox:latest"), 4_000_000)),
                List.of(new HostDescription.RuntimeHandler("", true, false)),
                "10.200.0.0/24");
    }

    /** From now on no pod ends when it is told to. */
    void refuseToEnd() {
        stubborn = true;
    }

    /** Who listens from now on is told what happens, and nothing of what there is. */
    void tellOnlyNews() {
        silent = true;
    }

    /** A pod of which containers are found that nobody has asked for. */
    void plant(PodKey key) {
        PodStatus status = new PodStatusBuilder().withPhase("Running").build();
        pods.put(
                key.uid(),
                new HostedPod(key, null, new PodReport(key, 0, status, PodReport.Stage.ACTIVE)));
    }

    int starts() {
        return starts.get();
    }

    boolean holds(String uid) {
        return pods.containsKey(uid);
    }

    @Nullable PodBundle bundle(String uid) {
        return bundles.get(uid);
    }

    /** Reports another status of a pod it holds. */
    void report(String uid, PodStatus status, PodReport.Stage stage) {
        HostedPod held = Objects.requireNonNull(pods.get(uid));
        tell(
                new HostedPod(
                        held.key(),
                        held.pod(),
                        new PodReport(held.key(), held.report().revision(), status, stage)));
    }

    PodStatus status(String uid) {
        return new PodStatusBuilder(Objects.requireNonNull(pods.get(uid)).report().status())
                .build();
    }

    @Override
    public void listen(PodListener told) {
        listener = told;
        if (!silent) {
            pods.values().forEach(pod -> told.podReported(pod.report()));
        }
    }

    @Override
    public void createPod(PodBundle bundle) {
        bundles.put(bundle.key().uid(), bundle);
        if (pods.containsKey(bundle.key().uid())) {
            return;
        }
        starts.incrementAndGet();
        int n = addresses.incrementAndGet();
        String ip = "10.200." + (n / 250) + "." + (n % 250 + 1);
        tell(
                new HostedPod(
                        bundle.key(),
                        bundle.pod(),
                        new PodReport(
                                bundle.key(),
                                bundle.revision(),
                                running(bundle.pod(), ip),
                                PodReport.Stage.ACTIVE)));
    }

    @Override
    public void updatePod(PodBundle bundle) {
        createPod(bundle);
    }

    @Override
    public void deletePod(PodKey key, Deletion deletion) {
        if (stubborn) {
            return;
        }
        HostedPod held = pods.get(key.uid());
        PodStatus status = new PodStatus();
        if (held != null) {
            status = new PodStatusBuilder(held.report().status()).withPhase("Succeeded").build();
            status.getContainerStatuses().forEach(PlainHost::end);
            tell(
                    new HostedPod(
                            key,
                            held.pod(),
                            new PodReport(key, 1, status, PodReport.Stage.FINISHED)));
        }
        pods.remove(key.uid());
        Objects.requireNonNull(listener)
                .podReported(new PodReport(key, 1, status, PodReport.Stage.REMOVED));
    }

    @Override
    public Optional<HostedPod> getPod(PodKey key) {
        return Optional.ofNullable(pods.get(key.uid()));
    }

    @Override
    public List<HostedPod> getPods() {
        return List.copyOf(pods.values());
    }

    @Override
    public HostDescription describeHost() {
        return description(true, Instant.EPOCH, "");
    }

    @Override
    public PodStreams streams() {
        throw new BackendException(BackendException.Reason.UNSUPPORTED, "no streams");
    }

    @Override
    public HostStats stats() {
        throw new BackendException(BackendException.Reason.UNSUPPORTED, "no statistics");
    }

    @Override
    public void close() {}

    private void tell(HostedPod pod) {
        pods.put(pod.key().uid(), pod);
        PodListener told = listener;
        if (told != null) {
            told.podReported(pod.report());
        }
    }

    private static void end(io.fabric8.kubernetes.api.model.ContainerStatus container) {
        container.setReady(false);
        container.setStarted(false);
        container.setState(
                new io.fabric8.kubernetes.api.model.ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(0)
                        .withReason("Completed")
                        .endTerminated()
                        .build());
    }

    private static PodStatus running(Pod pod, String ip) {
        PodStatusBuilder status =
                new PodStatusBuilder()
                        .withPhase("Running")
                        .withStartTime("2026-01-01T00:00:00Z")
                        .withPodIP(ip)
                        .addNewPodIP(ip)
                        .withHostIP("127.0.0.1")
                        .addNewHostIP("127.0.0.1")
                        .withObservedGeneration(pod.getMetadata().getGeneration());
        for (String type : List.of("Initialized", "Ready", "ContainersReady")) {
            status.addNewCondition()
                    .withType(type)
                    .withStatus("True")
                    .withLastTransitionTime("2026-01-01T00:00:00Z")
                    .endCondition();
        }
        pod.getSpec()
                .getContainers()
                .forEach(container ->
                        status.addToContainerStatuses(
                                new ContainerStatusBuilder()
                                        .withName(container.getName())
                                        .withImage(container.getImage())
                                        .withImageID("sha256:1")
                                        .withContainerID("memory://" + container.getName())
                                        .withReady(true)
                                        .withStarted(true)
                                        .withRestartCount(0)
                                        .withNewState()
                                        .withNewRunning("2026-01-01T00:00:00Z")
                                        .endState()
                                        .build()));
        return status.build();
    }
}
