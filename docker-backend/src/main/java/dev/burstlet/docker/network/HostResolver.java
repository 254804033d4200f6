package dev.burstlet.docker.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.Labels;
import dev.burstlet.container.ResolvConf;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.image.SandboxImage;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.pod.BackendException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name servers that an engine's host uses itself, for pods with dnsPolicy Default. The engine
 * tells them to nobody but its containers: one without a network is run for a moment and its
 * resolv.conf read, which is the host's (that behind systemd-resolved, where there is one). The
 * answer is kept; after a while it is asked for again beside what goes on.
 */
public final class HostResolver {
    private static final Logger LOG = LoggerFactory.getLogger(HostResolver.class);
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final EngineClient client;
    private final SandboxImage image;
    private final InstantSource clock;
    private volatile @Nullable Known known;

    public HostResolver(EngineClient client, SandboxImage image, InstantSource clock) {
        this.client = client;
        this.image = image;
        this.clock = clock;
    }

    /** Asks beforehand, so that no pod waits for it. */
    public void prepare() {
        if (known == null) {
            beside(this::dns);
        }
    }

    /**
     * The host's settings, without servers that a pod cannot reach.
     *
     * @throws BackendException where they are not known yet and the engine cannot be asked
     */
    public synchronized Dns dns() {
        Known before = known;
        Instant now = clock.instant();
        if (before == null) {
            return ask(now);
        }
        if (before.readAt().plus(KEPT).isBefore(now)) {
            known = new Known(before.dns(), now);
            beside(() -> ask(clock.instant()));
        }
        return before.dns();
    }

    private void beside(Supplier<Dns> asking) {
        Thread.ofVirtual()
                .name("resolver of " + client.host())
                .start(() -> {
                    try {
                        var _ = asking.get();
                    } catch (RuntimeException e) {
                        LOG.debug("Docker host {} tells no name servers", client.host(), e);
                    }
                });
    }

    private Dns ask(Instant now) {
        Dns dns = ResolvConf.reachable(ResolvConf.parse(read()));
        if (dns.servers().isEmpty()) {
            LOG.warn(
                    "Docker host {} names no name server that a pod can reach: pods with dnsPolicy"
                            + " Default resolve no names",
                    client.host());
        }
        known = new Known(dns, now);
        return dns;
    }

    private String read() {
        String id =
                client.call(Budget.LIFECYCLE, EngineRequest.post("/containers/create", body()))
                        .path("Id")
                        .asText();
        try {
            client.call(Budget.LIFECYCLE, EngineRequest.post("/containers/" + id + "/start"));
            return ContainerFile.read(client, id, "/etc/resolv.conf");
        } finally {
            remove(id);
        }
    }

    private ObjectNode body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Image", image.ensure());
        body.putObject("Labels").put(Labels.KIND, ToolContainer.RESOLVER);
        ObjectNode host = body.putObject("HostConfig");
        host.put("NetworkMode", "none");
        host.putObject("LogConfig").put("Type", "none");
        return body;
    }

    private void remove(String id) {
        try {
            client.call(Budget.LIFECYCLE, EngineRequest.delete("/containers/" + id + "?force=1"));
        } catch (BackendException e) {
            LOG.warn("Docker host {}: container {} is left over", client.host(), id, e);
        }
    }

    private record Known(Dns dns, Instant readAt) {}
}
