package dev.burstlet.docker.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.PodCgroups;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.Endpoint;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.pod.PodKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The cgroups of pods where the engine is on this machine and makes cgroups as files. Elsewhere
 * each container is held by itself. Safe for use by many threads.
 */
public final class LocalCgroups {
    private final EngineClient client;
    private final PodCgroups cgroups = new PodCgroups(Path.of("/sys/fs/cgroup"));
    private volatile @Nullable Boolean usable;

    public LocalCgroups(EngineClient client) {
        this.client = client;
    }

    /**
     * Makes a pod's, for its containers. Not for its sandbox: that writes the contents of the pod's
     * volumes, whose memory is counted where they are written, and is none of the pod's.
     */
    void make(SandboxSpec spec) {
        if (usable() && spec.cgroupParent().isEmpty()) {
            cgroups.make(spec, false);
        }
    }

    /** Puts a container that is to be created into its pod's. */
    void join(SandboxSpec spec, ObjectNode body) {
        if (usable() && spec.cgroupParent().isEmpty()) {
            String parent = cgroups.of(spec.pod().uid());
            if (!parent.isEmpty()) {
                body.withObject("/HostConfig").put("CgroupParent", parent);
            }
        }
    }

    /** As {@link dev.burstlet.container.ContainerEngine#updateSandboxResources}. */
    public void update(PodKey pod, Resources resources, Resources overhead, boolean raise) {
        if (usable()) {
            cgroups.update(pod.uid(), resources, overhead, raise);
        }
    }

    /** A pod is gone. */
    public void removed(PodKey pod) {
        if (usable()) {
            cgroups.removed(pod);
        }
    }

    private boolean usable() {
        Boolean known = usable;
        if (known == null) {
            known = client.endpoint() instanceof Endpoint.Unix && look();
            usable = known;
        }
        return known;
    }

    private boolean look() {
        JsonNode info = client.call(Budget.QUERY, EngineRequest.get("/info"));
        return info.path("CgroupDriver").asText().equals("cgroupfs")
                && Files.isDirectory(Path.of(info.path("DockerRootDir").asText("/none")));
    }
}
