package dev.burstlet.hyper.agent;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** An input whose bytes are fetched piece by piece. Read by one thread. */
final class Pulled extends InputStream {
    private final Source source;
    private ByteString piece = ByteString.EMPTY;
    private int at;
    private boolean ended;

    /** Gives the next piece, or null at the end. */
    interface Source {
        @Nullable ByteString next() throws InterruptedException;
    }

    Pulled(Source source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == piece.size()) {
            if (ended || !fetch()) {
                return -1;
            }
        }
        int count = Math.min(length, piece.size() - at);
        piece.substring(at, at + count).copyTo(bytes, offset);
        at += count;
        return count;
    }

    private boolean fetch() throws IOException {
        try {
            ByteString next = source.next();
            ended = next == null;
            piece = next == null ? ByteString.EMPTY : next;
            at = 0;
            return !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(e.getMessage());
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
