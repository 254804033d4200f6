package dev.burstlet.docker.volume;

import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.util.List;
import java.util.Optional;

/** Pods' volumes. Only pods without volumes are possible so far. */
public final class DockerVolumes {
    public DockerVolumes(EngineClient client) {}

    public void ensure(Owner owner, PodKey pod, List<VolumeSpec> volumes) {
        none(volumes, "volumes");
    }

    /** The mounts that keep the pod's volumes alive in its sandbox. */
    public List<Mount> sandboxMounts(PodKey pod, List<VolumeSpec> volumes) {
        none(volumes, "volumes");
        return List.of();
    }

    public List<Mount> containerMounts(String sandboxId, ContainerSpec spec) {
        none(spec.mounts(), "volumeMounts");
        return List.of();
    }

    public void publish(String sandboxId, PodKey pod, List<Publication> publications) {
        none(publications, "volumes");
    }

    public Optional<byte[]> readFile(
            String sandboxId, PodKey pod, String volume, String path, int limitBytes) {
        return Optional.empty();
    }

    public List<PodKey> list(Owner owner) {
        return List.of();
    }

    public void remove(Owner owner, PodKey pod) {}

    private static void none(List<?> wanted, String field) {
        if (!wanted.isEmpty()) {
            throw new BackendException(Reason.UNSUPPORTED, field + ": not on Docker yet");
        }
    }
}
