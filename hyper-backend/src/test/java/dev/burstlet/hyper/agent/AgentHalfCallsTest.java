package dev.burstlet.hyper.agent;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Filter;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of which only a part arrives, again and again, at any byte. */
class AgentHalfCallsTest {
    private static final int PODS = 12;

    @TempDir static Path certificates;
    @TempDir Path state;

    private AgentBench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new AgentBench(new TestCertificates(certificates), state);
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    @Test
    void everyWishComesThroughInTheEndAndNoneTwice() {
        Random random = new Random(7);
        List<Pod> stay = new ArrayList<>();
        List<Pod> go = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            stay.add(pod("stays-" + i, "Always", container("main", "sleep 1000")));
            go.add(pod("goes-" + i, "Always", container("main", "sleep 1000")));
        }
        go.forEach(one -> bench.pods().createPod(bundle(one)));

        for (int i = 0; i < PODS; i++) {
            // From the middle of the handshake to some calls.
            bench.relay().breakOffAfter(500 + random.nextInt(12_000));
            bench.relay().cut();
            bench.relay().mend(bench.port());
            bench.pods().createPod(bundle(stay.get(i)));
            bench.pods().deletePod(PodKey.of(go.get(i)), new Deletion(0, ""));
            awaitBreak();
        }
        bench.relay().breakOffAfter(0);
        bench.relay().cut();
        bench.relay().mend(bench.port());

        for (Pod one : stay) {
            bench.listener().await(PodKey.of(one), "running", AgentHalfCallsTest::isRunning);
        }
        for (Pod one : go) {
            bench.listener()
                    .await(PodKey.of(one), "removed", report -> report.stage() == Stage.REMOVED);
        }
        List<ContainerStatus> left = bench.engine().listContainers(Filter.all(AgentBench.OWNER));
        assertThat(left).hasSize(PODS).allMatch(one -> one.attempt() == 0);
        assertThat(bench.engine().listPodSandboxes(Filter.all(AgentBench.OWNER)))
                .hasSize(PODS)
                .allMatch(one -> one.attempt() == 0);
    }

    /** What is said may be said before so much has gone through: then it is cut off here. */
    private void awaitBreak() {
        Instant patience = Instant.now().plusSeconds(10);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    if (Instant.now().isAfter(patience)) {
                        bench.relay().cut();
                    }
                    return !bench.pods().describeHost().health().reachable();
                });
    }

    @Test
    void whatIsNoCallDisturbsNobody() throws IOException {
        byte[] noise = new byte[3000];
        new Random(1).nextBytes(noise);
        for (int length : new int[] {0, 1, 5, 300, 3000}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
                socket.getOutputStream().write(noise, 0, length);
            }
        }
        Pod pod = pod("calm", "Always", container("main", "sleep 1000"));

        bench.pods().createPod(bundle(pod));

        bench.listener().await(PodKey.of(pod), "running", AgentHalfCallsTest::isRunning);
        assertThat(bench.pods().describeHost().health().reachable()).isTrue();
    }

    private static boolean isRunning(PodReport report) {
        return report.status().getContainerStatuses().stream()
                .anyMatch(one -> one.getState().getRunning() != null);
    }
}
