package dev.burstlet.docker.volume;

import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerSpec.Propagation;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.docker.testing.DockerRig;
import dev.burstlet.pod.PodKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A pod with volumes and a running sandbox, as the engine would make it. */
final class VolumePod {
    static final Owner OWNER = new Owner("volume-test", "node-" + UUID.randomUUID());

    final PodKey key = new PodKey("default", "pod", UUID.randomUUID().toString());
    final String sandboxId;
    private final DockerRig rig;
    private final DockerVolumes volumes;
    private final List<VolumeSpec> specs;
    private int containers;

    VolumePod(DockerRig rig, DockerVolumes volumes, VolumeSpec... specs) {
        this.rig = rig;
        this.volumes = volumes;
        this.specs = List.of(specs);
        volumes.ensure(OWNER, key, this.specs);
        sandboxId =
                rig.sandbox(
                        volumes.sandboxArguments(this.specs),
                        volumes.sandboxMounts(OWNER, key, 0, this.specs));
    }

    static VolumeSpec volume(String name, VolumeSpec.Source source) {
        return new VolumeSpec(name, source, null, false);
    }

    static ContainerSpec.Mount mount(String volume, String subPath, String path) {
        return new ContainerSpec.Mount(volume, subPath, path, false, false, Propagation.NONE);
    }

    /** Creates a container, whose creation resolves subPaths. */
    String create(List<ContainerSpec.Mount> mounts, String... command) {
        List<Mount> engineMounts = volumes.containerMounts(spec(mounts));
        return rig.create(sandboxId, engineMounts, command);
    }

    /** Starts a created container as the engine does. */
    void start(String id) throws Exception {
        try (AutoCloseable _ = volumes.pin(id)) {
            rig.docker().startContainerCmd(id).exec();
        }
    }

    String run(List<ContainerSpec.Mount> mounts, String... command) throws Exception {
        String id = create(mounts, command);
        start(id);
        return id;
    }

    private ContainerSpec spec(List<ContainerSpec.Mount> mounts) {
        SandboxSpec sandbox =
                new SandboxSpec(
                        OWNER,
                        key,
                        0,
                        "pod",
                        SandboxSpec.Dns.HOST,
                        List.of(),
                        SandboxSpec.Namespaces.POD,
                        Map.of(),
                        SecuritySpec.DEFAULT,
                        Resources.NONE,
                        Resources.NONE,
                        specs,
                        "",
                        "",
                        Map.of(),
                        Map.of());
        return new ContainerSpec(
                OWNER,
                key,
                "c" + containers++,
                ContainerKind.APP,
                0,
                sandboxId,
                sandbox,
                DockerRig.BUSYBOX,
                DockerRig.BUSYBOX,
                List.of(),
                List.of(),
                List.of(),
                "",
                mounts,
                Resources.NONE,
                SecuritySpec.DEFAULT,
                false,
                false,
                false,
                "",
                null,
                Map.of(),
                Map.of());
    }
}
