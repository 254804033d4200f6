package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a process tells of itself: one of two nodes, an engine of its own and an agent's, that sends
 * traces to a collector and writes its log as JSON. The engines are in memory.
 */
@ExtendWith(ControlPlaneExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class SelfObservationIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWN = "it-told-own";
    private static final String BY_AGENT = "it-told-agent";

    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private final List<JsonNode> spans = new CopyOnWriteArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final int management = BurstletProcess.freePort();
    private @Nullable HttpServer collector;
    private @Nullable Path folder;

    SelfObservationIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.client = Cluster.connect(controlPlane.admin());
    }

    @BeforeAll
    void start() throws Exception {
        Path made = Files.createTempDirectory("it-told");
        folder = made;
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/traces",
                exchange -> {
                    JsonNode body = JSON.readTree(exchange.getRequestBody());
                    body.findValues("spans").forEach(all -> all.forEach(spans::add));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        collector = server;
        int agent = agent(made);
        Path file = Files.writeString(made.resolve("burstlet.yaml"), configuration(made, agent));
        launch(
                made.resolve("control"),
                Repository.burstlet().toString(),
                "run",
                "--kubeconfig",
                controlPlane.kubeconfig().toString(),
                "--config",
                file.toString());
        for (String node : List.of(OWN, BY_AGENT)) {
            eventually(() -> assertThat(Conditions.ready(client, node)).as(node).isTrue());
            client.resource(pod(node)).create();
        }
    }

    @AfterAll
    void end() throws InterruptedException {
        for (String node : List.of(OWN, BY_AGENT)) {
            client.pods()
                    .inNamespace("default")
                    .withName("pod-" + node)
                    .withGracePeriod(0)
                    .delete();
        }
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        client.nodes().withName(OWN).delete();
        client.nodes().withName(BY_AGENT).delete();
        if (collector != null) {
            collector.stop(0);
        }
        client.close();
    }

    private String configuration(Path made, int agent) {
        return """
        management: 127.0.0.1:%d
        traces: http://127.0.0.1:%d/v1/traces
        nodes:
          - name: %s
            memory: {cpus: 4, memoryGib: 8}
            listen: 127.0.0.1:%d
            address: 127.0.0.1
          - name: %s
            agent:
              endpoint: 127.0.0.1:%d
              tls: {ca: '%s/ca.pem', certificate: '%s/told.pem', key: '%s/told.key'}
            listen: 127.0.0.1:%d
            address: 127.0.0.1
        """
                .formatted(
                        management,
                        java.util.Objects.requireNonNull(collector).getAddress().getPort(),
                        OWN,
                        BurstletProcess.freePort(),
                        BY_AGENT,
                        agent,
                        made.resolve("pki"),
                        made.resolve("pki"),
                        made.resolve("pki"),
                        BurstletProcess.freePort());
    }

    private int agent(Path made) throws Exception {
        int port = BurstletProcess.freePort();
        String pki = made.resolve("pki").toString();
        String script = Repository.root().resolve("deploy/agent/certificates").toString();
        Command.run(Map.of(), script, "agent", pki, "host", "127.0.0.1").output();
        Command.run(Map.of(), script, "node", pki, "told").output();
        launch(
                made.resolve("agent"),
                Repository.burstlet().toString(),
                "agent",
                "--memory",
                "--listen",
                "127.0.0.1:" + port,
                "--state",
                made.resolve("state").toString(),
                "--ca",
                pki + "/ca.pem",
                "--certificate",
                pki + "/host.pem",
                "--key",
                pki + "/host.key");
        return port;
    }

    private void launch(Path log, String... line) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(line)
                        .redirectOutput(Path.of(log + ".out").toFile())
                        .redirectError(Path.of(log + ".err").toFile());
        builder.environment().put("BURSTLET_LOG_FORMAT", "json");
        builder.environment().put("BURSTLET_LOG_LEVEL", "DEBUG");
        Process process = builder.start();
        processes.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private static Pod pod(String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("pod-" + node)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("main")
                .withImage("example.org/told:1")
                .withCommand("sleep", "3600")
                .withNewLivenessProbe()
                .withNewExec()
                .withCommand("true")
                .endExec()
                .withPeriodSeconds(1)
                .endLivenessProbe()
                .endContainer()
                .endSpec()
                .build();
    }

    @Test
    void startsAreTracedFromTheWatchEventToTheStatusThatTheWatchShows() {
        for (String node : List.of(OWN, BY_AGENT)) {
            eventually(() -> assertThat(wholeStart(node)).as(node).isNotNull());
            JsonNode whole = java.util.Objects.requireNonNull(wholeStart(node));
            List<JsonNode> parts =
                    spans.stream()
                            .filter(span -> span.path("traceId").equals(whole.path("traceId")))
                            .filter(span -> span.path("parentSpanId").equals(whole.path("spanId")))
                            .toList();
            assertThat(parts)
                    .extracting(span -> span.path("name").asText())
                    .contains("bundle", "status");
            JsonNode bundle = named(parts, "bundle");
            JsonNode status = named(parts, "status");
            assertThat(bundle.path("startTimeUnixNano")).isEqualTo(whole.path("startTimeUnixNano"));
            assertThat(nanos(status, "endTimeUnixNano"))
                    .isLessThanOrEqualTo(nanos(whole, "endTimeUnixNano"));
            assertThat(nanos(bundle, "endTimeUnixNano"))
                    .isLessThanOrEqualTo(nanos(status, "startTimeUnixNano"));
            assertThat(whole.path("events").toString()).contains("Started");
            assertThat(whole.has("status")).as("failed").isFalse();
        }
        String trace = java.util.Objects.requireNonNull(wholeStart(OWN)).path("traceId").asText();
        assertThat(spans)
                .filteredOn(span -> span.path("traceId").asText().equals(trace))
                .extracting(span -> span.path("name").asText())
                .anyMatch(name -> name.contains("sandbox"));
    }

    private @Nullable JsonNode wholeStart(String node) {
        return spans.stream()
                .filter(span -> span.path("name").asText().equals("pod start"))
                .filter(span -> span.path("attributes").toString().contains("\"pod-" + node + "\""))
                .findFirst()
                .orElse(null);
    }

    private static JsonNode named(List<JsonNode> parts, String name) {
        return parts.stream()
                .filter(span -> span.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long nanos(JsonNode span, String field) {
        return Long.parseLong(span.path(field).asText());
    }

    @Test
    void everyLineOfTheLogIsJsonAndNamesItsPodAndHost() throws IOException {
        for (String side : List.of("control", "agent")) {
            String pod = "default/pod-" + (side.equals("control") ? OWN : BY_AGENT);
            eventually(() ->
                    assertThat(log(side))
                            .anySatisfy(line -> {
                                assertThat(line.path("mdc").path("pod").asText()).isEqualTo(pod);
                                assertThat(line.path("mdc").path("uid").asText()).isNotEmpty();
                                assertThat(line.path("mdc").path("node").asText())
                                        .isEqualTo(pod.substring("default/pod-".length()));
                            }));
            assertThat(log(side))
                    .allMatch(line -> line.has("timestamp") && line.has("level"))
                    .allMatch(line -> !line.path("formattedMessage").asText().isEmpty());
        }
        assertThat(log("control"))
                .anyMatch(line -> line.path("mdc").path("host").asText().equals("memory:" + OWN));
    }

    private List<JsonNode> log(String side) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        Path file = java.util.Objects.requireNonNull(folder).resolve(side + ".err");
        String text = Files.readString(file);
        // The last line may be half written.
        try (Stream<String> all = text.substring(0, text.lastIndexOf('\n') + 1).lines()) {
            for (String line : all.toList()) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }

    @Test
    void nodesOfAgentsTellTheSameFamilies() {
        eventually(() -> {
            String text =
                    Command.run(
                                    Map.of(),
                                    "curl",
                                    "-sf",
                                    "http://127.0.0.1:" + management + "/metrics")
                            .output();
            for (String node : List.of(OWN, BY_AGENT)) {
                assertThat(text.lines().filter(line -> line.contains("node=\"" + node + "\"")))
                        .anyMatch(line -> counts(line, "kubelet_running_pods"))
                        .anyMatch(line -> counts(line, "kubelet_pod_start_duration_seconds_count"))
                        .anyMatch(line -> counts(line, "kubelet_pod_worker_duration_seconds_count"))
                        .anyMatch(line -> counts(line, "kubelet_runtime_operations_total"))
                        .anyMatch(line ->
                                counts(line, "kubelet_runtime_operations_duration_seconds_count"));
            }
        });
        String role = "it-told-probes";
        kubectl("create", "clusterrole", role, "--verb=get", "--resource=nodes/metrics");
        kubectl(
                "create",
                "clusterrolebinding",
                role,
                "--clusterrole=" + role,
                "--serviceaccount=default:default");
        String token = kubectl("create", "token", "default").output().strip();
        eventually(() ->
                assertThat(probes(token))
                        .contains("prober_probe_total{")
                        .contains("prober_probe_duration_seconds_bucket{"));
    }

    private String probes(String token) {
        int port =
                client.nodes()
                        .withName(BY_AGENT)
                        .get()
                        .getStatus()
                        .getDaemonEndpoints()
                        .getKubeletEndpoint()
                        .getPort();
        return Command.run(
                        Map.of(),
                        "curl",
                        "-sfk",
                        "-H",
                        "Authorization: Bearer " + token,
                        "https://127.0.0.1:" + port + "/metrics/probes")
                .output();
    }

    private Command kubectl(String... arguments) {
        return World.kubectl(controlPlane, arguments);
    }

    private static boolean counts(String line, String family) {
        return line.startsWith(family + "{") && !line.endsWith(" 0") && !line.endsWith(" 0.0");
    }
}
