package dev.burstlet.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.Content;
import dev.burstlet.container.Filter;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.Publication.File;
import dev.burstlet.container.TestPod;
import dev.burstlet.container.Workbench;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.Subnets;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.pod.BackendException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The first contents of volumes come by their sandbox's input, and by an exec where they cannot.
 */
class FirstContentsIT {
    private static final Owner OWNER = new Owner(UUID.randomUUID().toString(), "first-contents");

    private static DockerEngine engine;
    private static EngineClient client;
    private static Workbench bench;

    @BeforeAll
    static void open() {
        DockerImages.load();
        client = new EngineClient(DockerImages.settings());
        engine = new DockerEngine(DockerImages.settings(), InstantSource.system());
        engine.ensureNetwork(new NetworkSpec(OWNER, Subnets.next(), null));
        bench = Workbench.of(engine, DockerImages.BUSYBOX, OWNER);
    }

    @AfterAll
    static void clear() {
        engine.listPodSandboxes(Filter.all(OWNER)).forEach(s -> engine.removePodSandbox(s.id()));
        engine.listVolumes(OWNER).forEach(pod -> engine.removeVolumes(OWNER, pod));
        client.call(Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(OWNER)));
        client.close();
        engine.close();
    }

    @Test
    void theFirstComeWithoutAnExec() throws Exception {
        Instant begin = Instant.now();
        TestPod pod = bench.pod().files("conf").run();

        pod.publish("conf", true, file("a", "1"), file("large", "x".repeat(900_000)));
        assertThat(execs(pod, begin)).isZero();

        pod.publish("conf", true, file("a", "2"));
        assertThat(execs(pod, begin)).isEqualTo(1);
        assertThat(read(engine, pod, "a")).isEqualTo("2");
    }

    @Test
    void whatIsWrongWithThemEndsNoSandbox() {
        TestPod pod = bench.pod().files("conf").run();

        assertThatThrownBy(() -> pod.publish("conf", true, file("a", "1"), file("a/b", "2")))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("directory a");

        pod.publish("conf", true, file("a", "1"));
        assertThat(read(engine, pod, "a")).isEqualTo("1");
        assertThat(pod.status().ready()).isTrue();
    }

    @Test
    void whoTakesOverASandboxPublishesByAnExec() {
        DockerEngine first = new DockerEngine(DockerImages.settings(), InstantSource.system());
        TestPod pod = Workbench.of(first, DockerImages.BUSYBOX, OWNER).pod().files("conf").run();
        first.close();

        engine.publish(
                pod.sandboxId(),
                pod.key(),
                List.of(new Publication("conf", List.of(file("a", "1")), true)));

        assertThat(read(engine, pod, "a")).isEqualTo("1");
    }

    private static File file(String path, String text) {
        return new File(path, 0644, 0, 0, Content.utf8(text));
    }

    private static String read(DockerEngine from, TestPod pod, String path) {
        return new String(
                from.readFile(pod.sandboxId(), pod.key(), "conf", path, 100).orElseThrow(),
                StandardCharsets.UTF_8);
    }

    private static long execs(TestPod pod, Instant since) {
        String filters =
                "{\"event\":[\"exec_create\"],\"container\":[\"" + pod.sandboxId() + "\"]}";
        String path =
                "/events?since=%d&until=%d&filters=%s"
                        .formatted(
                                since.getEpochSecond(),
                                Instant.now().getEpochSecond() + 1,
                                URLEncoder.encode(filters, StandardCharsets.UTF_8));
        return client.call(Budget.QUERY, EngineRequest.get(path)).findValues("Action").size();
    }
}
