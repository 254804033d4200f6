package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * kubectl's streams, by both of its protocols. The node declares that it takes WebSockets, so that
 * the API server passes them on untranslated; SPDY is for older ones.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class KubectlStreamsIT {
    private static final String FORWARDING = "Forwarding from 127.0.0.1:";

    private static final String PODS =
            """
            containers:
              - name: main
                image: $IMAGE
                command: [sh, -c, "mkdir /www; echo hello > /www/index.html; \
            httpd -h /www -p 127.0.0.1:8080; httpd -h /www -p [::1]:8081; trap 'exit 0' TERM; sleep 10000 & wait"]
                readinessProbe:
                  exec: {command: [wget, "-qO-", "http://127.0.0.1:8080/"]}
                  periodSeconds: 1
            """;

    private static final String TERMINAL =
            """
            containers:
              - name: main
                image: $IMAGE
                stdin: true
                tty: true
                command: [sh, -c, "while read -r line; do echo got $line; done"]
            """;

    private Scene scene;

    /** A protocol between kubectl and the API server, and on to the node. */
    enum Protocol {
        WEBSOCKET("true"),
        SPDY("false");

        private final String websockets;

        Protocol(String websockets) {
            this.websockets = websockets;
        }

        String pod() {
            return "terminal-" + name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @BeforeAll
    void pods() {
        scene = World.get().scene();
        PodParts.create(scene, "streams", PODS);
        for (Protocol protocol : Protocol.values()) {
            PodParts.create(scene, protocol.pod(), TERMINAL);
        }
        scene.awaitReady("streams");
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void theNodeDeclaresIt() {
        assertThat(
                        World.get()
                                .client()
                                .nodes()
                                .withName(World.NODE)
                                .get()
                                .getStatus()
                                .getDeclaredFeatures())
                .contains("ExtendWebSocketsToKubelet");
    }

    @ParameterizedTest
    @EnumSource
    void execTakesInputToItsEnd(Protocol protocol) {
        Command sum =
                shell(protocol, "head -c 3000000 /dev/zero | kubectl exec -i streams -- wc -c");
        assertThat(sum.output().strip()).isEqualTo("3000000");
        Command code = shell(protocol, "kubectl exec streams -- sh -c 'echo no >&2; exit 7'");
        assertThat(code.code()).isEqualTo(7);
        assertThat(code.err()).contains("no\n");
    }

    @ParameterizedTest
    @EnumSource
    void execGivesATerminalOfTheClientsSize(Protocol protocol) {
        String size = "for i in 1 2 3 4 5; do stty size; sleep 0.3; done";
        assertThat(
                        terminal(
                                        protocol,
                                        "stty rows 31 cols 97; kubectl exec -it streams -- sh -c '%s'"
                                                .formatted(size))
                                .output())
                .contains("31 97");
    }

    @ParameterizedTest
    @EnumSource
    void attachTalksToTheProcess(Protocol protocol) throws Exception {
        scene.awaitReady(protocol.pod());
        Process attach =
                process(
                        protocol,
                        "script",
                        "-qec",
                        "kubectl -n %s attach -it %s".formatted(scene.namespace(), protocol.pod()),
                        "/dev/null");
        try (BufferedReader lines = reader(attach);
                OutputStream in = attach.getOutputStream()) {
            in.write("one\n".getBytes(StandardCharsets.UTF_8));
            in.flush();
            String seen = "";
            for (int i = 0; i < 20 && !seen.contains("got one"); i++) {
                seen = String.valueOf(lines.readLine());
            }
            assertThat(seen).contains("got one");
        } finally {
            end(attach);
        }
    }

    @ParameterizedTest
    @EnumSource
    void portsAreForwarded(Protocol protocol) throws Exception {
        forwards(protocol, 8080);
    }

    @ParameterizedTest
    @EnumSource
    void portsOfIpv6AreForwarded(Protocol protocol) throws Exception {
        forwards(protocol, 8081);
    }

    /** One after the other, then many at once. */
    private void forwards(Protocol protocol, int remote) throws Exception {
        Process forward =
                process(
                        protocol,
                        "kubectl",
                        "-n",
                        scene.namespace(),
                        "port-forward",
                        "streams",
                        ":" + remote);
        try (BufferedReader lines = reader(forward);
                HttpClient http = HttpClient.newHttpClient();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            String port = "";
            while (port.isEmpty()) {
                String line = String.valueOf(lines.readLine());
                assertThat(line).startsWith(FORWARDING);
                port = line.substring(FORWARDING.length(), line.indexOf(" -> "));
            }
            String local = port;
            Thread reader = Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
            for (int i = 0; i < 5; i++) {
                assertThat(get(http, local)).isEqualTo("hello\n");
            }
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                answers.add(callers.submit(() -> get(http, local)));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("hello\n");
            }
            end(forward);
            reader.join();
        } finally {
            end(forward);
        }
    }

    @ParameterizedTest
    @EnumSource
    void copyingKeepsTheBytes(Protocol protocol) throws IOException {
        Path here = Files.createTempDirectory("copied");
        byte[] bytes = new byte[20_000_000];
        new Random(5).nextBytes(bytes);
        Files.write(here.resolve("in"), bytes);
        String place = "/tmp/" + protocol.pod();
        shell(protocol, "kubectl cp " + here.resolve("in") + " streams:" + place).output();
        shell(protocol, "kubectl cp streams:" + place + " " + here.resolve("out")).output();
        assertThat(here.resolve("out")).hasBinaryContent(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void debuggersJoinThePod(Protocol protocol) {
        String name = "looks-" + protocol.pod();
        String image = Docker.IMAGE;
        shell(
                        protocol,
                        "kubectl debug streams --image=%s --image-pull-policy=IfNotPresent -c %s -- sleep 1000"
                                .formatted(image, name))
                .output();
        eventually(() ->
                assertThat(
                                shell(
                                                protocol,
                                                "kubectl exec streams -c "
                                                        + name
                                                        + " -- wget -qO- http://127.0.0.1:8080/")
                                        .output())
                        .isEqualTo("hello\n"));
    }

    private static String get(HttpClient http, String port) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .timeout(Duration.ofSeconds(20))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private Command terminal(Protocol protocol, String line) {
        return Command.run(environment(protocol), "script", "-qec", inNamespace(line), "/dev/null");
    }

    private Command shell(Protocol protocol, String line) {
        return Command.run(environment(protocol), "sh", "-c", inNamespace(line));
    }

    private String inNamespace(String line) {
        return line.replace("kubectl ", "kubectl -n " + scene.namespace() + " ");
    }

    private static Map<String, String> environment(Protocol protocol) {
        return Map.of(
                "KUBECONFIG",
                World.get().controlPlane().kubeconfig().toString(),
                "KUBECTL_REMOTE_COMMAND_WEBSOCKETS",
                protocol.websockets,
                "KUBECTL_PORT_FORWARD_WEBSOCKETS",
                protocol.websockets);
    }

    private static Process process(Protocol protocol, String... line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment(protocol));
        return builder.start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
