package dev.burstlet.serve.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where threads wait until a connection takes more. Stays in the pipeline for the connection's
 * whole life.
 */
public final class WriteGate extends ChannelInboundHandlerAdapter {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The gate of a connection; one that is closed already has a gate that says so. */
    public static WriteGate of(Channel channel) {
        WriteGate gate = channel.pipeline().get(WriteGate.class);
        return gate == null ? new WriteGate() : gate;
    }

    /**
     * Waits until the connection's buffer is below its mark.
     *
     * @throws IOException where the client is gone or the thread was interrupted, the mark of which
     *     it keeps
     */
    public void await(Channel channel) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        lock.lock();
        try {
            while (!channel.isWritable() && channel.isActive()) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
        if (!channel.isActive()) {
            throw new IOException("the client closed the connection");
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        wake();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        wake();
        ctx.fireChannelInactive();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
