package dev.burstlet.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The body of one answer, gathered whole; most come in one piece, which is not copied. */
final class Answer {
    private byte[] first = new byte[0];
    private final ByteArrayOutputStream more = new ByteArrayOutputStream(0);

    /** Starts to take the body; done when it is complete. */
    CompletableFuture<HttpResponse<AsyncBody>> begin(HttpResponse<AsyncBody> response) {
        response.body().consume();
        return response.body().done().thenApply(_ -> response);
    }

    void take(List<ByteBuffer> buffers, AsyncBody body) {
        for (ByteBuffer buffer : buffers) {
            byte[] piece = piece(buffer);
            if (first.length == 0) {
                first = piece;
            } else {
                if (more.size() == 0) {
                    more.writeBytes(first);
                }
                more.writeBytes(piece);
            }
        }
        body.consume();
    }

    /** The bytes of a buffer, which is given up with it. */
    static byte[] piece(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0) {
            byte[] all = buffer.array();
            if (buffer.remaining() == all.length) {
                return all;
            }
        }
        byte[] piece = new byte[buffer.remaining()];
        buffer.get(piece);
        return piece;
    }

    byte[] bytes() {
        return more.size() == 0 ? first : more.toByteArray();
    }
}
