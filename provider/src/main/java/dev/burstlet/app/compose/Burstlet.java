package dev.burstlet.app.compose;

import dev.burstlet.app.config.Configuration;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.Node;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole of one process: what all nodes share, and the nodes. */
public final class Burstlet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Burstlet.class);
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(10);

    private final Shared shared;
    private final List<VirtualNode> nodes = new ArrayList<>();
    private @Nullable AutoCloseable management;

    private Burstlet(Shared shared) {
        this.shared = shared;
    }

    /** The same of a process that has no command line. */
    public static Burstlet start(Configuration configuration) throws InterruptedException {
        return start(configuration, Map.of());
    }

    /**
     * Plays the nodes; returns when all of them are begun, not when they are ready.
     *
     * @param flags of the command line, for who asks a node for them
     * @throws ConfigurationException for what cannot be right
     */
    public static Burstlet start(Configuration configuration, Map<String, String> flags)
            throws InterruptedException {
        Burstlet burstlet = new Burstlet(Shared.open(configuration, flags, InstantSource.system()));
        try {
            for (Node node : configuration.nodes()) {
                burstlet.nodes.add(new VirtualNode(burstlet.shared, node));
            }
            burstlet.nodes.forEach(VirtualNode::start);
            burstlet.management =
                    Management.serve(configuration.management(), burstlet.shared, burstlet.nodes);
            return burstlet;
        } catch (IOException e) {
            burstlet.close();
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            burstlet.close();
            throw e;
        }
    }

    public List<String> nodeNames() {
        return nodes.stream().map(VirtualNode::name).toList();
    }

    /**
     * Has every node say that it is not ready, with the reason, and waits until that is written.
     */
    public void drain(String why) {
        nodes.forEach(node -> node.drain(why));
        Instant deadline = shared.clock().instant().plus(DRAIN_PATIENCE);
        try {
            while (!nodes.stream().allMatch(VirtualNode::drained)
                    && shared.clock().instant().isBefore(deadline)) {
                Thread.sleep(Duration.ofMillis(50));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves pods and conditions as they are. */
    @Override
    public void close() {
        nodes.forEach(VirtualNode::close);
        if (management != null) {
            try {
                management.close();
            } catch (Exception e) {
                LOG.warn("the management endpoint did not close: {}", e.getMessage());
            }
        }
        shared.close();
    }
}
