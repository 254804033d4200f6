package dev.burstlet.engine.hook;

import dev.burstlet.engine.probe.ProbeTarget;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Container;

/** The container that a hook is of. */
public record HookTarget(
        PodKey key, String containerId, String sandboxId, String podIp, Container spec) {
    ProbeTarget asProbeTarget() {
        return new ProbeTarget(containerId, sandboxId, podIp, spec);
    }
}
