package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A real Prometheus scrapes what a node tells, with rights to its metrics alone. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class PrometheusIT {
    private static final List<String> PATHS =
            List.of("/metrics", "/metrics/resource", "/metrics/cadvisor", "/metrics/probes");

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = BurstletProcess.freePort();
    private Scene scene;
    private Path folder;
    private Path programs;
    private Process prometheus;

    @BeforeAll
    void start() throws IOException {
        programs = Path.of(Command.run(Map.of(), provision()).output().strip());
        scene = World.get().scene();
        PodParts.create(
                scene,
                "probed",
                """
                containers:
                  - name: main
                    image: $IMAGE
                    command: [sleep, "10000"]
                    livenessProbe: {exec: {command: ["true"]}, periodSeconds: 1}
                    resources: {limits: {cpu: 100m, memory: 64Mi}}
                """);
        scene.awaitReady("probed");
        folder = Files.createTempDirectory("prometheus");
        Files.writeString(folder.resolve("token"), token());
        Files.writeString(folder.resolve("prometheus.yml"), configuration());
        prometheus =
                new ProcessBuilder(
                                programs.resolve("prometheus").toString(),
                                "--config.file=" + folder.resolve("prometheus.yml"),
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(prometheus::destroyForcibly));
    }

    @AfterAll
    void end() throws InterruptedException {
        if (prometheus != null) {
            prometheus.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        if (scene != null) {
            scene.close();
        }
    }

    @Test
    void everyEndpointIsScraped() {
        eventually(() -> {
            JsonNode targets = get("/api/v1/targets").path("data").path("activeTargets");
            assertThat(targets).hasSize(PATHS.size());
            for (JsonNode target : targets) {
                assertThat(target.path("health").asText()).as(target.toString()).isEqualTo("up");
            }
        });
        for (String path : PATHS) {
            assertThat(value("up{metrics_path=\"" + path + "\"}")).as(path).isEqualTo(1);
            assertThat(value("scrape_samples_scraped{metrics_path=\"" + path + "\"}"))
                    .as(path)
                    .isPositive();
        }
    }

    @Test
    void dashboardsFindTheirSeries() {
        String pod = "{namespace=\"" + scene.namespace() + "\",pod=\"probed\",container=\"main\"}";
        for (String family :
                List.of(
                        "container_memory_working_set_bytes",
                        "container_start_time_seconds",
                        "container_spec_memory_limit_bytes",
                        "prober_probe_total",
                        "prober_probe_duration_seconds_count")) {
            eventually(
                    () -> assertThat(value("max(" + family + pod + ")")).as(family).isPositive());
        }
        // Each path is read at a time of its own.
        for (String node : List.of("machine_cpu_cores", "max(node_memory_working_set_bytes)")) {
            eventually(() -> assertThat(value(node)).isPositive());
        }
    }

    @Test
    void promtoolParsesAll() throws IOException {
        for (String path : PATHS) {
            Path text = Files.createTempFile(folder, "metrics", ".txt");
            Command fetched =
                    Command.run(
                            Map.of(),
                            "curl",
                            "-sf",
                            "--cacert",
                            World.get().controlPlane().authority().toString(),
                            "-H",
                            "Authorization: Bearer " + Files.readString(folder.resolve("token")),
                            "-o",
                            text.toString(),
                            "https://" + target() + path);
            fetched.output();
            Command checked =
                    Command.run(
                            Map.of(),
                            "sh",
                            "-c",
                            "'%s' check metrics < '%s'"
                                    .formatted(programs.resolve("promtool"), text));
            // What it finds beside errors is a matter of style, in names that are cAdvisor's own.
            assertThat(checked.code()).as(path + "\n" + checked.err()).isIn(0, 3);
            assertThat(checked.err().lines())
                    .as(path)
                    .allMatch(line -> line.startsWith("container_fs_inodes_total "));
        }
    }

    private static String provision() {
        return Repository.root().resolve("deploy/prometheus/prometheus").toString();
    }

    /** Of an account that may read nodes' metrics and nothing else. */
    private String token() {
        scene.create("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: prometheus}\n");
        String name = "prometheus-" + scene.namespace();
        World.get()
                .kubectl("create", "clusterrole", name, "--verb=get", "--resource=nodes/metrics")
                .output();
        World.get()
                .kubectl(
                        "create",
                        "clusterrolebinding",
                        name,
                        "--clusterrole=" + name,
                        "--serviceaccount=" + scene.namespace() + ":prometheus")
                .output();
        return scene.kubectl("create", "token", "prometheus").output().strip();
    }

    private String configuration() {
        StringBuilder text = new StringBuilder("global: {scrape_interval: 2s}\nscrape_configs:\n");
        for (String path : PATHS) {
            text.append(
                    """
                      - job_name: %s
                        scheme: https
                        metrics_path: %s
                        authorization: {credentials_file: %s}
                        tls_config: {ca_file: %s}
                        static_configs: [{targets: ['%s'], labels: {metrics_path: '%s'}}]
                    """
                            .formatted(
                                    path.replace("/", "-"),
                                    path,
                                    folder.resolve("token"),
                                    World.get().controlPlane().authority(),
                                    target(),
                                    path));
        }
        return text.toString();
    }

    private static String target() {
        Node node = World.get().client().nodes().withName(World.NODE).get();
        return "127.0.0.1:" + node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort();
    }

    private double value(String query) {
        JsonNode found =
                get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                        .path("data")
                        .path("result");
        assertThat(found).as(query).hasSizeGreaterThan(0);
        return found.get(0).path("value").get(1).asDouble();
    }

    private JsonNode get(String path) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(10))
                            .build();
            return new ObjectMapper()
                    .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new AssertionError("Prometheus does not answer: see " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
