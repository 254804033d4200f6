package dev.burstlet.container.memory.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;

/** A bounded pipe between threads, whose ends fail when the other one is closed. */
public final class BytePipe {
    private static final int CAPACITY = 16 * 1024;

    private final byte[] ring = new byte[CAPACITY];
    private int start;
    private int count;
    private boolean writerClosed;
    private boolean readerClosed;
    private final Reader reader = new Reader();
    private final Writer writer = new Writer();

    public InputStream reader() {
        return reader;
    }

    public OutputStream writer() {
        return writer;
    }

    private synchronized void awaitWhile(BooleanSupplier blocked) throws InterruptedIOException {
        try {
            while (blocked.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private synchronized int take(byte[] bytes, int offset, int length)
            throws InterruptedIOException {
        awaitWhile(() -> count == 0 && !writerClosed && !readerClosed);
        if (count == 0 || readerClosed) {
            return -1;
        }
        int taken = Math.min(Math.min(length, count), CAPACITY - start);
        System.arraycopy(ring, start, bytes, offset, taken);
        start = (start + taken) % CAPACITY;
        count -= taken;
        notifyAll();
        return taken;
    }

    private synchronized void put(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            awaitWhile(() -> count == CAPACITY && !readerClosed && !writerClosed);
            if (readerClosed || writerClosed) {
                throw new IOException("Broken pipe");
            }
            int end = (start + count) % CAPACITY;
            int room = Math.min(CAPACITY - count, CAPACITY - end);
            int part = Math.min(room, length - done);
            System.arraycopy(bytes, offset + done, ring, end, part);
            count += part;
            done += part;
            notifyAll();
        }
    }

    private synchronized void close(boolean reading) {
        readerClosed |= reading;
        writerClosed |= !reading;
        notifyAll();
    }

    private final class Reader extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return take(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : take(bytes, offset, length);
        }

        @Override
        public void close() {
            BytePipe.this.close(true);
        }
    }

    private final class Writer extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            put(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            put(bytes, offset, length);
        }

        @Override
        public void close() {
            BytePipe.this.close(false);
        }
    }
}
