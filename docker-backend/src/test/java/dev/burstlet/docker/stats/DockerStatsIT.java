package dev.burstlet.docker.stats;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.EngineStats;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.testing.DockerRig;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.wire.Execs;
import dev.burstlet.pod.HostStats.Network;
import dev.burstlet.pod.HostStats.Usage;
import dev.burstlet.pod.PodKey;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class DockerStatsIT {
    @Test
    void containersSandboxesAndHostAreMeasured() throws Exception {
        Owner owner = new Owner("stats-test", "node-" + UUID.randomUUID());
        PodKey pod = new PodKey("default", "pod", UUID.randomUUID().toString());
        try (DockerRig rig = new DockerRig()) {
            String sandbox = start(rig, PauseImage.REFERENCE, Labels.sandbox(owner, pod, 0), "-");
            String busy =
                    start(
                            rig,
                            DockerRig.BUSYBOX,
                            Labels.container(owner, pod, "c", ContainerKind.APP, 0, "h"),
                            "sh",
                            "-c",
                            "head -c 1000000 /dev/zero > /file; while :; do :; done");
            DockerStats stats =
                    new DockerStats(
                            rig.docker(),
                            rig.dialer(),
                            new SandboxTool(
                                    new Execs(rig.docker(), rig.dialer()),
                                    rig.settings().callTimeout()),
                            InstantSource.system(),
                            () -> null);
            stats.stats(owner);
            EngineStats second = await(stats, owner);
            Network network =
                    requireNonNull(requireNonNull(second.sandboxes().get(sandbox)).network());
            assertThat(network.interfaces()).containsKey("eth0");
            Usage usage = second.containers().getFirst().usage();
            assertThat(second.containers().getFirst().containerId()).isEqualTo(busy);
            assertThat(usage.cpuNanoSeconds()).isPositive();
            assertThat(usage.cpuNanoCores()).isBetween(10_000_000L, 1_500_000_000L);
            assertThat(usage.workingSetBytes()).isPositive();
            assertThat(usage.workingSetBytes()).isLessThanOrEqualTo(usage.memoryUsageBytes());
            assertThat(usage.processes()).isEqualTo(1);
            var details = second.containers().getFirst().details();
            assertThat(details.userNanoSeconds()).isPositive();
            assertThat(details.periods()).isNotNegative();
            Usage host = second.host();
            assertThat(host.processes()).isPositive();
            assertThat(second.maxProcesses()).isGreaterThan(host.processes());
            assertThat(host.cpuNanoSeconds()).isPositive();
            assertThat(host.workingSetBytes()).isBetween(1L << 20, 1L << 42);
            assertThat(host.startTime()).isBefore(host.time());
            assertThat(requireNonNull(second.rootfs()).capacityBytes()).isPositive();
        }
    }

    private static EngineStats await(DockerStats stats, Owner owner) {
        return org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(
                        () -> stats.stats(owner),
                        found ->
                                !found.containers().isEmpty()
                                        && found.containers().getFirst().usage().cpuNanoCores()
                                                != null
                                        && found.host().cpuNanoCores() != null
                                        && found.containers().getFirst().rootfs() != null);
    }

    private static String start(
            DockerRig rig, String image, Map<String, String> labels, String... command) {
        Map<String, String> all = new HashMap<>(labels);
        all.putAll(rig.labels());
        String id =
                rig.docker()
                        .createContainerCmd(image)
                        .withCmd(command)
                        .withLabels(all)
                        .exec()
                        .getId();
        rig.docker().startContainerCmd(id).exec();
        return id;
    }
}
