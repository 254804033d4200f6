package dev.burstlet.hyper.agent;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentMeter;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.engine.agent.AgentSettings;
import dev.burstlet.hyper.tls.PemIdentity;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An agent that listens. */
public final class AgentServer implements AgentProtocol.Serving {
    /** A bundle holds ConfigMaps and Secrets of up to 1 MiB each. */
    public static final int MESSAGE_BYTES = 64 << 20;

    private static final long KEEP_ALIVE_SECONDS = 10;

    private final PemIdentity identity;
    private final Tenancy tenancy;
    private final ExecutorService executor;
    private final Server server;

    private AgentServer(
            AgentSettings settings,
            ContainerEngine engine,
            AgentMeter meter,
            String release,
            InstantSource clock,
            UnaryOperator<PodEngineSettings> shaping)
            throws IOException {
        identity = new PemIdentity(settings.tls(), false);
        tenancy = new Tenancy(settings, engine, meter, clock, shaping);
        executor = Executors.newVirtualThreadPerTaskExecutor();
        ServerCredentials credentials = identity.ofServer();
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(settings.address(), settings.port()),
                                credentials)
                        .executor(executor)
                        .maxInboundMessageSize(MESSAGE_BYTES)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .intercept(new Caller())
                        .addService(new AgentService(tenancy, release))
                        .build();
    }

    /**
     * Keeps the pods of the owner that the agent has, and listens.
     *
     * @throws IOException where the address is taken or the owner's file cannot be read
     */
    public static AgentServer start(
            AgentSettings settings, ContainerEngine engine, String release, InstantSource clock)
            throws IOException {
        return start(settings, engine, release, clock, UnaryOperator.identity());
    }

    /** The same with pods run in another way than is usual, as with shorter back-off. */
    public static AgentServer start(
            AgentSettings settings,
            ContainerEngine engine,
            String release,
            InstantSource clock,
            UnaryOperator<PodEngineSettings> shaping)
            throws IOException {
        return start(settings, engine, AgentMeter.NONE, release, clock, shaping);
    }

    /** The same with its work measured. */
    public static AgentServer start(
            AgentSettings settings,
            ContainerEngine engine,
            AgentMeter meter,
            String release,
            InstantSource clock,
            UnaryOperator<PodEngineSettings> shaping)
            throws IOException {
        AgentServer agent = new AgentServer(settings, engine, meter, release, clock, shaping);
        try {
            var _ = agent.server.start();
            return agent;
        } catch (IOException e) {
            agent.close();
            throw e;
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public String owner() {
        return tenancy.words();
    }

    /** Leaves the pods running. */
    @Override
    public void close() {
        var _ = server.shutdownNow();
        try {
            // Its last words to its calls go by the executor.
            var _ = server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tenancy.close();
        executor.shutdownNow();
        identity.close();
    }
}
