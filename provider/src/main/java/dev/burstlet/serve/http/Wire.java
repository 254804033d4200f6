package dev.burstlet.serve.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundInvoker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sending without looking back. A connection that cannot be written to is closed, and everybody who
 * uses it learns of that; so the futures say nothing more.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Wire {
    private Wire() {}

    public static void send(ChannelOutboundInvoker to, Object message) {
        to.writeAndFlush(message, to.voidPromise());
    }

    public static void sendAndClose(ChannelOutboundInvoker to, Object message) {
        to.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
    }

    public static void close(ChannelOutboundInvoker connection) {
        connection.close();
    }

    /** Runs something later in the connection's event loop. */
    public static void after(Channel channel, Duration delay, Runnable task) {
        channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
