package dev.burstlet.docker;

import dev.burstlet.container.Filter;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.Subnets;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.RandomPods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random pods on a real Docker Engine. {@code -Dburstlet.fuzz.dockerSpecs=500} runs more of them,
 * {@code -Dburstlet.fuzz.seed} others.
 */
class RandomPodsOnDockerIT {
    private static final int SPECS = Integer.getInteger("burstlet.fuzz.dockerSpecs", 20);
    private static final int AT_ONCE = 10;
    private static final Owner OWNER = new Owner(UUID.randomUUID().toString(), "random-pods");

    private static DockerEngine engine;

    @BeforeAll
    static void open() {
        DockerImages.load();
        engine = new DockerEngine(DockerImages.settings(), InstantSource.system());
    }

    @AfterAll
    static void clear() {
        engine.listPodSandboxes(Filter.all(OWNER)).forEach(s -> engine.removePodSandbox(s.id()));
        engine.listContainers(Filter.all(OWNER)).forEach(c -> engine.removeContainer(c.id()));
        engine.listVolumes(OWNER).forEach(pod -> engine.removeVolumes(OWNER, pod));
        engine.close();
        try (EngineClient client = new EngineClient(DockerImages.settings())) {
            String network = "/networks/" + Names.network(OWNER);
            client.call(Budget.LIFECYCLE, EngineRequest.delete(network));
        }
    }

    @Test
    void noSpecIsADefectOrDisturbsAnotherPod() {
        long seed = Long.getLong("burstlet.fuzz.seed", 17_887_380_419_506L);
        PodEngineSettings settings =
                new PodEngineSettings(OWNER)
                        .withNetwork(new NetworkSpec(OWNER, Subnets.next(), null));
        try (RandomPods pods =
                new RandomPods(engine, settings, DockerImages.BUSYBOX, Duration.ofMinutes(3))) {
            pods.play(
                    SPECS, AT_ONCE, RandomPods.Source.seeded(seed, RandomPodsOnDockerIT::harmless));
        }
    }

    /** Without what would ask registries and servers, or change files of this machine. */
    private static PodSpec harmless(PodSpec spec) {
        spec.getVolumes()
                .removeIf(
                        v -> v.getHostPath() != null || v.getNfs() != null || v.getImage() != null);
        List<Container> all =
                Stream.of(spec.getInitContainers(), spec.getContainers())
                        .flatMap(List::stream)
                        .toList();
        for (Container container : all) {
            container.setImage(DockerImages.BUSYBOX);
            container.setImagePullPolicy("IfNotPresent");
        }
        spec.getEphemeralContainers().clear();
        return spec;
    }
}
