package dev.burstlet.hyper.agent;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.TestIo;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.hyper.remote.RemotePods;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are changed in their files while agent and control side go on. */
class AgentCertificatesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir Path certificates;
    @TempDir Path before;
    @TempDir Path state;

    /** Both sides get certificates of another authority, and trust that one alone. */
    @Test
    void bothSidesTakeAnotherAuthorityWhileAStreamIsOpen() throws Exception {
        TestCertificates issued = new TestCertificates(certificates);
        try (AgentBench bench = new AgentBench(issued, state)) {
            Pod pod = pod("talks", "Always", container("main", "sleep 1000"));
            bench.pods().createPod(bundle(pod));
            bench.listener()
                    .await(
                            PodKey.of(pod),
                            "running",
                            report ->
                                    report.status().getContainerStatuses().stream()
                                            .anyMatch(one -> one.getState().getRunning() != null));
            PipedOutputStream typed = new PipedOutputStream();
            TestIo io = TestIo.reading(new PipedInputStream(typed));
            FutureTask<Integer> talk =
                    new FutureTask<>(() ->
                            bench.pods()
                                    .streams()
                                    .exec(PodKey.of(pod), "main", List.of("cat"), io));
            Thread.ofVirtual().start(talk);
            say(typed, io, "before\n", "before\n");

            AgentEndpoint.Tls old = copied(issued.node("node-1"));
            Files.delete(certificates.resolve("ca.key"));
            issued.agent("host");
            AgentEndpoint.Tls renewed = issued.node("node-1");

            awaitTaken(bench, old, renewed);
            say(typed, io, "after\n", "before\nafter\n");
            assertThat(bench.pods().describeHost().health().reachable()).isTrue();
            bench.relay().cut();
            bench.listener().awaitHost("away", now -> !now.health().reachable());
            bench.relay().mend(bench.port());
            bench.listener().awaitHost("back", now -> now.health().reachable());
            typed.close();
        }
    }

    /** By those who begin to speak only now. */
    private static void awaitTaken(
            AgentBench bench, AgentEndpoint.Tls old, AgentEndpoint.Tls renewed) {
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(BackendException.class)
                .until(() -> RemotePods.about(endpoint(bench, renewed)).ours());
        assertThatThrownBy(() -> RemotePods.about(endpoint(bench, old)))
                .isInstanceOf(BackendException.class);
    }

    private static AgentEndpoint endpoint(AgentBench bench, AgentEndpoint.Tls tls) {
        return new AgentEndpoint("127.0.0.1", bench.port(), tls, null, Duration.ofSeconds(30));
    }

    /** The typed text comes back. */
    private static void say(PipedOutputStream typed, TestIo io, String text, String all)
            throws IOException {
        typed.write(text.getBytes(StandardCharsets.UTF_8));
        typed.flush();
        Awaitility.await().atMost(PATIENCE).until(() -> io.out().equals(all));
    }

    private AgentEndpoint.Tls copied(AgentEndpoint.Tls tls) throws IOException {
        CopyOption[] again = {StandardCopyOption.REPLACE_EXISTING};
        for (Path file : Stream.of(tls.ca(), tls.certificate(), tls.key()).toList()) {
            Files.copy(file, before.resolve(file.getFileName()), again);
        }
        return new AgentEndpoint.Tls(
                before.resolve(tls.ca().getFileName()),
                before.resolve(tls.certificate().getFileName()),
                before.resolve(tls.key().getFileName()));
    }
}
