package dev.burstlet.engine.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Where a probe or a hook goes. */
public record ProbeTarget(String containerId, String sandboxId, String podIp, Container spec) {
    /** The port number, where a name is one of the container's ports. */
    public OptionalInt port(@Nullable IntOrString port) {
        if (port == null) {
            return OptionalInt.empty();
        }
        if (port.getIntVal() != null && port.getStrVal() == null) {
            return inRange(port.getIntVal());
        }
        String name = port.getStrVal();
        for (ContainerPort candidate : spec.getPorts()) {
            if (name != null && name.equals(candidate.getName())) {
                return inRange(candidate.getContainerPort());
            }
        }
        try {
            return inRange(Integer.parseInt(String.valueOf(name)));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static OptionalInt inRange(int port) {
        return port > 0 && port < 65536 ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
