package dev.burstlet.docker.stream;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.Filter;
import dev.burstlet.container.LogRotationContract;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.DockerEngine;
import dev.burstlet.docker.DockerImages;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.Subnets;
import dev.burstlet.docker.translate.Names;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Logs of a Docker Engine that begins a new file every 16 KiB. */
class LogRotationIT extends LogRotationContract {
    private static final Owner OWNER = new Owner(UUID.randomUUID().toString(), "docker-logs");

    private static DockerEngine engine;

    @BeforeAll
    static void open() {
        DockerImages.load();
        EngineSettings plain = DockerImages.settings();
        engine =
                new DockerEngine(
                        new EngineSettings(
                                plain.name(),
                                plain.endpoint(),
                                plain.tls(),
                                plain.insecure(),
                                plain.callTimeout(),
                                plain.parallelism(),
                                Map.of("logMaxSize", "16k", "logMaxFiles", "50")),
                        InstantSource.system());
        engine.ensureNetwork(new NetworkSpec(OWNER, Subnets.next(), null));
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

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected String image() {
        return DockerImages.BUSYBOX;
    }

    @Override
    protected Owner owner() {
        return OWNER;
    }

    /** The engine reads all files that it keeps. */
    @Override
    protected boolean keepsRotated() {
        return true;
    }
}
