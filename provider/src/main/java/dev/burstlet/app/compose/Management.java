package dev.burstlet.app.compose;

import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.manage.ManagementServer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process's own endpoint, where one is configured. */
final class Management {
    private Management() {}

    static @Nullable AutoCloseable serve(
            @Nullable String listen, Shared shared, List<VirtualNode> nodes) {
        if (listen == null) {
            return null;
        }
        HostPort address = HostPort.parse("management", listen);
        return ManagementServer.start(
                address.host(),
                address.port(),
                shared.registry()::scrape,
                () -> nodes.stream().allMatch(VirtualNode::held));
    }
}
