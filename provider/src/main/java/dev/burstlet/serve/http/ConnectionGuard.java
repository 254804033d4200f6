package dev.burstlet.serve.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts a listener's connections. Those on which nobody has been authenticated yet are few and
 * short: one more closes the oldest of them, so that a flood of half-open connections costs a fixed
 * sum and a client that does say who it is still gets through.
 */
@Sharable
public final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<ConnectionGuard> GUARD =
            AttributeKey.valueOf(ConnectionGuard.class, "guard");

    private final HttpLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Channel> unproven = new LinkedHashSet<>();
    private final Set<Channel> all = new LinkedHashSet<>();

    public ConnectionGuard(HttpLimits limits) {
        this.limits = limits;
    }

    static void proven(Channel channel) {
        ConnectionGuard guard = channel.attr(GUARD).get();
        if (guard != null) {
            guard.forget(channel, false);
        }
    }

    /** Open connections now. */
    public int connections() {
        lock.lock();
        try {
            return all.size();
        } finally {
            lock.unlock();
        }
    }

    /** Closes every connection. */
    public void closeAll() {
        lock.lock();
        try {
            all.forEach(Wire::close);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        channel.attr(GUARD).set(this);
        Channel surplus = admit(channel);
        if (surplus != null) {
            Wire.close(surplus);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget(ctx.channel(), true);
        ctx.fireChannelInactive();
    }

    private @Nullable Channel admit(Channel channel) {
        lock.lock();
        try {
            if (all.size() >= limits.connections()) {
                return channel;
            }
            all.add(channel);
            unproven.add(channel);
            if (unproven.size() <= limits.unprovenConnections()) {
                return null;
            }
            Channel oldest = unproven.iterator().next();
            unproven.remove(oldest);
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Channel channel, boolean gone) {
        lock.lock();
        try {
            unproven.remove(channel);
            if (gone) {
                all.remove(channel);
            }
        } finally {
            lock.unlock();
        }
    }
}
