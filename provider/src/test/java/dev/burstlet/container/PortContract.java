package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.pod.BackendException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Connections into a pod. */
public interface PortContract extends EngineContract {
    private String forward(TestPod pod, int port, String text)
            throws IOException, InterruptedException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        bench().engine()
                .portForward(
                        pod.sandboxId(),
                        port,
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        answer);
        return answer.toString(StandardCharsets.UTF_8);
    }

    private void untilAnswered(TestPod pod, int port, String request, String answer) {
        bench().until(
                        () -> {
                            try {
                                return forward(pod, port, request);
                            } catch (BackendException | IOException e) {
                                return "";
                            }
                        },
                        text -> text.contains(answer));
    }

    @Test
    default void connectionReachesAPortAndIsHalfClosed() throws Exception {
        needs(Ability.PORT_FORWARD);
        TestPod pod = bench().pod().run();
        pod.container("c").command("nc", "-ll", "-p", "7007", "-e", "cat").start();
        untilAnswered(pod, 7007, "hello", "hello");

        String much = "0123456789abcdef".repeat(4096);
        assertThat(forward(pod, 7007, much)).isEqualTo(much);
    }

    @Test
    default void connectionReachesAPortOfLoopback() {
        needs(Ability.LOOPBACK_PORT_FORWARD);
        TestPod pod = bench().pod().run();
        pod.container("c")
                .script("echo hello > /tmp/greeting; httpd -f -p 127.0.0.1:7008 -h /tmp")
                .start();

        untilAnswered(pod, 7008, "GET /greeting HTTP/1.0\r\n\r\n", "hello");
    }

    @Test
    default void connectionReachesAPortOfIpv6Loopback() {
        needs(Ability.IPV6_PORT_FORWARD);
        TestPod pod = bench().pod().run();
        pod.container("c")
                .script("echo six > /tmp/greeting; httpd -f -p [::1]:7010 -h /tmp")
                .start();

        untilAnswered(pod, 7010, "GET /greeting HTTP/1.0\r\n\r\n", "six");
    }

    @Test
    default void aPortIsDialledOnlyWhereSomethingListens() throws Exception {
        needs(Ability.PORT_FORWARD);
        TestPod pod = bench().pod().run();
        pod.container("c").command("nc", "-ll", "-p", "7011", "-e", "cat").start();
        untilAnswered(pod, 7011, "hello", "hello");

        Duration timeout = Duration.ofSeconds(5);
        assertThat(bench().engine().dial(pod.sandboxId(), 7011, timeout)).isTrue();
        assertThat(bench().engine().dial(pod.sandboxId(), 7012, timeout)).isFalse();
    }

    /** How many a listener with a backlog of two, as BusyBox's, can be asked for at once. */
    default int connectionsAtOnce() {
        return 24;
    }

    @Test
    default void manyConnectionsAtOnceAreToldApart() throws Exception {
        needs(Ability.PORT_FORWARD);
        TestPod pod = bench().pod().run();
        pod.container("c").command("nc", "-ll", "-p", "7011", "-e", "cat").start();
        untilAnswered(pod, 7011, "hello", "hello");

        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connectionsAtOnce(); i++) {
                String text = ("call " + i + " ").repeat(2000);
                answers.add(callers.submit(() -> forward(pod, 7011, text)));
            }
        }

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get()).isEqualTo(("call " + i + " ").repeat(2000));
        }
    }

    @Test
    default void connectionToAClosedPortFails() {
        needs(Ability.PORT_FORWARD);
        TestPod pod = bench().pod().run();
        pod.idle("c");

        assertThatThrownBy(() -> forward(pod, 7009, "hello"))
                .isInstanceOfAny(BackendException.class, IOException.class);
    }
}
