package dev.burstlet.engine.agent;

import dev.burstlet.container.Owner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an agent serves.
 *
 * @param address to listen on
 * @param port to listen on, 0 for any
 * @param state the folder where the agent keeps whose it is
 * @param owner the only owner it may have, or null for the first that comes
 * @param client the only subject that the owner's certificate may have, or null for that of the
 *     first that comes
 * @param podSubnet of an engine that makes its own pod network, or null
 */
public record AgentSettings(
        String address,
        int port,
        AgentEndpoint.Tls tls,
        Path state,
        @Nullable Owner owner,
        @Nullable String client,
        @Nullable String podSubnet) {}
