package dev.burstlet.serve;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops that all nodes' servers share. */
public final class ServerLoops implements AutoCloseable {
    private static final long QUIET_MILLIS = 0;
    private static final long TIMEOUT_MILLIS = 5_000;

    private final EventLoopGroup group;

    /**
     * Starts the loops.
     *
     * @param threads event loops; blocking work never runs on them
     */
    public ServerLoops(int threads) {
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads,
                        new DefaultThreadFactory("kubelet-api", true),
                        NioIoHandler.newFactory());
    }

    EventLoopGroup group() {
        return group;
    }

    @Override
    public void close() {
        group.shutdownGracefully(QUIET_MILLIS, TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly();
    }
}
