package dev.burstlet.docker.volume;

import dev.burstlet.docker.tool.SandboxTool;
import java.util.ArrayList;
import java.util.List;

/**
 * EmptyDirs on an engine's disk. An engine gives up no volume of a container that it still has, so
 * those of a pod that has ended are emptied; what is in RAM goes with the sandbox.
 */
public final class ScratchVolumes {
    private final SandboxTool tool;

    public ScratchVolumes(SandboxTool tool) {
        this.tool = tool;
    }

    /** Empties volumes of a pod whose sandbox still runs. */
    public void clear(String sandboxId, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("clear"));
        command.addAll(names);
        tool.check(sandboxId, command, null);
    }
}
