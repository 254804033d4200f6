package dev.burstlet.app.compose;

import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.manage.ManagementServer;
import dev.burstlet.app.measure.NodeTexts;
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
                () -> metrics(shared, nodes),
                () -> nodes.stream().allMatch(VirtualNode::held));
    }

    private static String metrics(Shared shared, List<VirtualNode> nodes) {
        NodeTexts texts = new NodeTexts();
        nodes.forEach(node -> texts.add(node.name(), node.metrics()));
        return texts + shared.registry().scrape();
    }
}
