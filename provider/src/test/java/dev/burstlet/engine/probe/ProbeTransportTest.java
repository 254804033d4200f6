package dev.burstlet.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.burstlet.container.ContainerEngine;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeTransportTest {
    private static final ContainerEngine NO_ENGINE =
            (ContainerEngine)
                    Proxy.newProxyInstance(
                            ContainerEngine.class.getClassLoader(),
                            new Class<?>[] {ContainerEngine.class},
                            (_, method, _) -> {
                                throw new UnsupportedOperationException(method.getName());
                            });

    private final ProbeTransport transport = new ProbeTransport(NO_ENGINE, () -> true);
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ok", exchange -> answer(exchange, 200));
        server.createContext("/bad", exchange -> answer(exchange, 500));
        server.createContext("/here", exchange -> redirect(exchange, "/ok"));
        server.createContext("/bounce", exchange -> redirect(exchange, "/bad"));
        server.createContext("/away", exchange -> redirect(exchange, "http://elsewhere.invalid/"));
        server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void twoHundredsSucceedAndFiveHundredsFail() throws InterruptedException {
        assertThat(get("/ok")).isInstanceOf(ProbeResult.Success.class);
        assertThat(get("/bad"))
                .isEqualTo(new ProbeResult.Failure("HTTP probe failed with statuscode: 500"));
    }

    @Test
    void redirectsAreFollowedOnTheSameHostOnly() throws InterruptedException {
        assertThat(get("/here")).isInstanceOf(ProbeResult.Success.class);
        assertThat(get("/bounce")).isInstanceOf(ProbeResult.Failure.class);
        assertThat(get("/away")).isInstanceOf(ProbeResult.Warning.class);
        assertThat(get("/loop"))
                .isInstanceOfSatisfying(
                        ProbeResult.Failure.class,
                        failure ->
                                assertThat(failure.output())
                                        .contains("stopped after 10 redirects"));
    }

    @Test
    void headersAreTheKubeletsUnlessTheProbeSaysOtherwise() throws InterruptedException {
        get("/ok");
        Probe probe =
                new ProbeBuilder(probe("/ok"))
                        .editHttpGet()
                        .addNewHttpHeader("Host", "example.test")
                        .addNewHttpHeader("User-Agent", "mine")
                        .addNewHttpHeader("Accept-Encoding", "gzip")
                        .addNewHttpHeader("X-Two", "a")
                        .addNewHttpHeader("X-Two", "b")
                        .endHttpGet()
                        .build();
        transport.probe(probe, target(server.getAddress().getPort()));
        assertThat(seen.getFirst())
                .contains("agent=[kube-probe/1.36]")
                .contains("accept=[*/*]")
                .contains("encoding=null");
        assertThat(seen.get(1))
                .contains("agent=[mine]")
                .contains("encoding=[gzip]")
                .contains("host=[example.test]")
                .contains("two=[a, b]");
    }

    @Test
    void hooksSayThatTheyAreNoProbes() {
        HTTPGetAction action = probe("/ok").getHttpGet();

        var result =
                transport.hook(
                        action, target(server.getAddress().getPort()), Duration.ofSeconds(5));

        assertThat(result).isInstanceOf(ProbeResult.Success.class);
        assertThat(seen.getFirst()).contains("agent=[kube-lifecycle/1.36]");
    }

    @Test
    void aRefusedConnectionIsAFailureInTheKubeletsWords() throws Exception {
        int free = freePort();
        Probe http =
                new ProbeBuilder()
                        .withNewHttpGet()
                        .withPath("/")
                        .withPort(new IntOrString(free))
                        .endHttpGet()
                        .build();
        assertThat(transport.probe(http, target(free)))
                .isInstanceOfSatisfying(
                        ProbeResult.Failure.class,
                        failure ->
                                assertThat(failure.output())
                                        .isEqualTo(
                                                "Get \"http://127.0.0.1:"
                                                        + free
                                                        + "/\": dial tcp 127.0.0.1:"
                                                        + free
                                                        + ": connect: connection refused"));
        Probe tcp =
                new ProbeBuilder()
                        .withNewTcpSocket()
                        .withPort(new IntOrString(free))
                        .endTcpSocket()
                        .build();
        assertThat(transport.probe(tcp, target(free)))
                .isEqualTo(
                        new ProbeResult.Failure(
                                "dial tcp 127.0.0.1:" + free + ": connect: connection refused"));
    }

    @Test
    void namedPortsAreTheContainers() throws InterruptedException {
        Probe tcp =
                new ProbeBuilder()
                        .withNewTcpSocket()
                        .withPort(new IntOrString("web"))
                        .endTcpSocket()
                        .build();
        assertThat(transport.probe(tcp, target(server.getAddress().getPort())))
                .isInstanceOf(ProbeResult.Success.class);
        Probe unknown =
                new ProbeBuilder()
                        .withNewTcpSocket()
                        .withPort(new IntOrString("other"))
                        .endTcpSocket()
                        .build();
        assertThat(transport.probe(unknown, target(1))).isInstanceOf(ProbeResult.Errored.class);
    }

    private ProbeResult get(String path) throws InterruptedException {
        return transport.probe(probe(path), target(server.getAddress().getPort()));
    }

    private static Probe probe(String path) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("web"))
                .endHttpGet()
                .build();
    }

    private static ProbeTarget target(int port) {
        return new ProbeTarget(
                "c",
                "s",
                "127.0.0.1",
                new ContainerBuilder()
                        .withName("app")
                        .addNewPort()
                        .withName("web")
                        .withContainerPort(port)
                        .endPort()
                        .build());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void answer(HttpExchange exchange, int code) throws IOException {
        seen.add(
                "agent="
                        + exchange.getRequestHeaders().get("User-Agent")
                        + " accept="
                        + exchange.getRequestHeaders().get("Accept")
                        + " encoding="
                        + exchange.getRequestHeaders().get("Accept-Encoding")
                        + " host="
                        + exchange.getRequestHeaders().get("Host")
                        + " two="
                        + exchange.getRequestHeaders().get("X-Two"));
        exchange.sendResponseHeaders(code, -1);
        exchange.close();
    }

    private void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }
}
