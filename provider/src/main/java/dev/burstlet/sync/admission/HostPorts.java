package dev.burstlet.sync.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The ports of the host that a pod takes. Pure. */
record HostPorts(Set<Taken> ports) {
    private static final String ALL = "0.0.0.0";

    /** One port; the address {@code 0.0.0.0} is all addresses. */
    record Taken(String address, String protocol, int port) {
        boolean conflicts(Taken other) {
            return port == other.port
                    && protocol.equals(other.protocol)
                    && (address.equals(other.address)
                            || address.equals(ALL)
                            || other.address.equals(ALL));
        }
    }

    static HostPorts of(PodSpec spec) {
        Set<Taken> taken = new HashSet<>();
        Stream.concat(
                        spec.getContainers().stream(),
                        spec.getInitContainers().stream()
                                .filter(init -> "Always".equals(init.getRestartPolicy())))
                .map(Container::getPorts)
                .flatMap(ports -> ports.stream())
                .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                .map(HostPorts::taken)
                .forEach(taken::add);
        return new HostPorts(taken);
    }

    boolean conflicts(HostPorts other) {
        return ports.stream().anyMatch(mine -> other.ports.stream().anyMatch(mine::conflicts));
    }

    private static Taken taken(ContainerPort port) {
        String address = Objects.requireNonNullElse(port.getHostIP(), "");
        return new Taken(
                address.isEmpty() ? ALL : address,
                Objects.requireNonNullElse(port.getProtocol(), "TCP"),
                port.getHostPort());
    }
}
