package dev.burstlet.docker.volume;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * EmptyDirs on an engine's disk. An engine gives up no volume of a container that it still has, so
 * those of a pod that has ended are emptied; what is in RAM goes with the sandbox.
 */
public final class ScratchVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(ScratchVolumes.class);
    private static final Set<Reason> GONE = Set.of(Reason.NOT_FOUND, Reason.CONFLICT);

    private final SandboxTool tool;

    public ScratchVolumes(SandboxTool tool) {
        this.tool = tool;
    }

    /** Empties those of a pod whose sandbox still runs. */
    public void clear(String sandboxId, List<VolumeSpec> volumes) {
        List<String> command = new ArrayList<>(List.of("clear"));
        for (VolumeSpec volume : volumes) {
            if (volume.source() instanceof Source.Scratch) {
                command.add(volume.name());
            }
        }
        if (command.size() == 1) {
            return;
        }
        try {
            tool.check(sandboxId, command, null);
        } catch (BackendException e) {
            // Without a sandbox they stay until the pod is removed; older sandboxes cannot.
            if (!GONE.contains(e.reason()) && e.reason() != Reason.ENGINE) {
                throw e;
            }
            LOG.debug("emptyDirs of {} stay: {}", sandboxId, e.getMessage());
        }
    }
}
