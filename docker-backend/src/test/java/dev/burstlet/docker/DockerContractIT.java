package dev.burstlet.docker;

import dev.burstlet.container.Ability;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerEngineContract;
import dev.burstlet.container.Filter;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.PodCgroupContract;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.Subnets;
import dev.burstlet.docker.translate.Names;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every container engine owes, on a real Docker Engine. */
class DockerContractIT extends ContainerEngineContract implements PodCgroupContract {
    private static final Owner OWNER = new Owner(UUID.randomUUID().toString(), "docker-contract");

    private static DockerEngine engine;

    @BeforeAll
    static void open() {
        DockerImages.load();
        engine = new DockerEngine(DockerImages.settings(), InstantSource.system());
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

    /** They write the contents of volumes. */
    @Override
    public boolean holdsSandboxes() {
        return false;
    }

    @Override
    protected Optional<String> lacks(Ability ability) {
        return switch (ability) {
            case IMAGE_REMOVAL -> Optional.of("others use the engine and its image too");
            default -> Optional.empty();
        };
    }
}
