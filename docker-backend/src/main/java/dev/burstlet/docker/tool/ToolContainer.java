package dev.burstlet.docker.tool;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.Labels;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.wire.EngineErrors;
import java.util.List;
import java.util.Map;

/**
 * A container that runs the tool beside all sandboxes for a moment, without a network: some 250 ms.
 * It is labelled as a tool and removed when it is closed; one that a crash leaves behind is removed
 * by {@link LeftTools}.
 */
public final class ToolContainer implements AutoCloseable {
    /** The value of {@link Labels#KIND} on these containers. */
    public static final String KIND = "tool";

    /** The same of one that only tells the host's name servers. */
    public static final String RESOLVER = "resolver";

    private final DockerClient docker;
    private final String id;

    private ToolContainer(DockerClient docker, String id) {
        this.docker = docker;
        this.id = id;
    }

    /**
     * What it may see of the host.
     *
     * @param hostPid the host's processes
     */
    public record View(List<Mount> mounts, boolean hostPid) {
        public View {
            mounts = List.copyOf(mounts);
        }
    }

    /** Starts one that waits; commands are run in it by exec. */
    public static ToolContainer start(DockerClient docker, View view) {
        HostConfig host =
                HostConfig.newHostConfig().withNetworkMode("none").withMounts(view.mounts());
        if (view.hostPid()) {
            host.withPidMode("host").withUsernsMode("host").withCapAdd(Capability.SYS_PTRACE);
        }
        return EngineErrors.call(
                "tool container",
                () -> {
                    String id =
                            docker.createContainerCmd(PauseImage.REFERENCE)
                                    .withHostConfig(host)
                                    .withUser("0:0")
                                    .withLabels(Map.of(Labels.KIND, KIND))
                                    .exec()
                                    .getId();
                    ToolContainer container = new ToolContainer(docker, id);
                    try {
                        docker.startContainerCmd(id).exec();
                        return container;
                    } catch (RuntimeException e) {
                        container.close();
                        throw e;
                    }
                });
    }

    public String id() {
        return id;
    }

    @Override
    public void close() {
        try {
            docker.removeContainerCmd(id).withForce(true).exec();
        } catch (NotFoundException e) {
            // gone already
        }
    }
}
