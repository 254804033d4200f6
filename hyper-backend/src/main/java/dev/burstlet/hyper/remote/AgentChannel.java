package dev.burstlet.hyper.remote;

import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.hyper.agent.AgentServer;
import dev.burstlet.hyper.proto.agent.PodLifecycleGrpc;
import dev.burstlet.hyper.tls.PemIdentity;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The connection to an agent; made again by gRPC whenever it is lost. */
final class AgentChannel implements AutoCloseable {
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final int CONNECT_MILLIS = 5_000;

    private final AgentEndpoint endpoint;
    private final PemIdentity identity;
    private final ManagedChannel channel;

    AgentChannel(AgentEndpoint endpoint) {
        this.endpoint = endpoint;
        this.identity = new PemIdentity(endpoint.tls(), true);
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(
                                endpoint.host(), endpoint.port(), identity.ofClient())
                        .maxInboundMessageSize(AgentServer.MESSAGE_BYTES)
                        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveWithoutCalls(true);
        String name = endpoint.serverName();
        channel = (name == null ? builder : builder.overrideAuthority(name)).build();
    }

    String host() {
        return endpoint.host() + ":" + endpoint.port();
    }

    /** Ordinary calls, with a deadline. */
    PodLifecycleGrpc.PodLifecycleBlockingV2Stub calls() {
        Duration deadline = endpoint.callTimeout();
        return streams().withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Calls that last. */
    PodLifecycleGrpc.PodLifecycleBlockingV2Stub streams() {
        return PodLifecycleGrpc.newBlockingV2Stub(channel);
    }

    /** The next call connects at once, however often that failed before. */
    void hurry() {
        channel.resetConnectBackoff();
    }

    @Override
    public void close() {
        var _ = channel.shutdownNow();
        identity.close();
    }
}
