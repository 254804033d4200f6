package dev.burstlet.serve.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends on one stream, filled by the connection and read by one thread. When much of
 * it is unread, it holds back the connection's reading.
 */
final class Inbox extends InputStream {
    private static final int HIGH = 256 << 10;
    private static final int LOW = 64 << 10;

    private final ReadGate gate;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> chunks = new ArrayDeque<>(2);
    private int offset;
    private int unread;
    private boolean holding;
    private boolean ended;
    private boolean discarded;
    private @Nullable String failure;

    Inbox(ReadGate gate) {
        this.gate = gate;
    }

    /** Takes bytes from the connection; ignored after the end. */
    void offer(byte[] bytes) {
        lock.lock();
        try {
            if (ended || discarded || bytes.length == 0) {
                return;
            }
            chunks.add(bytes);
            unread += bytes.length;
            if (!holding && unread > HIGH) {
                holding = true;
                gate.hold();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more bytes will come. */
    void end() {
        finish(null);
    }

    /** No more bytes will come, and the reader is to know why. */
    void fail(String why) {
        finish(why);
    }

    private void finish(@Nullable String why) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = why;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody will read on: drops what is there and what comes. */
    @Override
    public void close() {
        lock.lock();
        try {
            discarded = true;
            chunks.clear();
            unread = 0;
            letIn();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (chunks.isEmpty() && !ended && !discarded) {
                changed.await();
            }
            byte[] first = chunks.peek();
            if (first == null) {
                if (failure != null && !discarded) {
                    throw new IOException(failure);
                }
                return -1;
            }
            return take(first, into, at, length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return unread;
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] first, byte[] into, int at, int length) {
        int taken = Math.min(length, first.length - offset);
        System.arraycopy(first, offset, into, at, taken);
        offset += taken;
        if (offset == first.length) {
            chunks.remove();
            offset = 0;
        }
        unread -= taken;
        if (unread <= LOW) {
            letIn();
        }
        return taken;
    }

    private void letIn() {
        if (holding) {
            holding = false;
            gate.release();
        }
    }
}
