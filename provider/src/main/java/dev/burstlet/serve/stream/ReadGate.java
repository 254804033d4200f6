package dev.burstlet.serve.stream;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds back reading from a connection while anybody's inbox is full. It sits between TLS and the
 * frame decoders, whose own wish for more bytes would otherwise defeat every pause behind them.
 */
final class ReadGate extends ChannelDuplexHandler {
    private final AtomicInteger holds = new AtomicInteger();
    private volatile @Nullable ChannelHandlerContext context;
    // Belongs to the event loop: a read was asked for while held.
    private boolean wanted;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (holds.get() > 0) {
            wanted = true;
        } else {
            ctx.read();
        }
    }

    boolean held() {
        return holds.get() > 0;
    }

    void hold() {
        holds.incrementAndGet();
    }

    void release() {
        ChannelHandlerContext ctx = context;
        if (holds.decrementAndGet() == 0 && ctx != null) {
            ctx.executor().execute(() -> resume(ctx));
        }
    }

    private void resume(ChannelHandlerContext ctx) {
        if (wanted && holds.get() == 0) {
            wanted = false;
            ctx.read();
        }
    }
}
