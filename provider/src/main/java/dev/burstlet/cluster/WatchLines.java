package dev.burstlet.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of one watch: a JSON document a line, each read once, straight into its type. */
final class WatchLines<T> implements Watch {
    private final Reading<T> reading;
    private final Watcher<T> watcher;
    private final Line line = new Line();
    private volatile @Nullable AsyncBody body;
    private volatile boolean closed;

    WatchLines(Reading<T> reading, Watcher<T> watcher) {
        this.reading = reading;
        this.watcher = watcher;
    }

    /** Bytes of the line that is not complete yet, without copying them out to be read. */
    private static final class Line extends ByteArrayOutputStream {
        JsonWalk walk() {
            return new JsonWalk(buf, count);
        }
    }

    /** Starts to take the body. */
    HttpResponse<AsyncBody> begin(HttpResponse<AsyncBody> response) {
        AsyncBody flow = response.body();
        body = flow;
        if (closed || !response.isSuccessful()) {
            flow.cancel();
            return response;
        }
        var _ =
                flow.done()
                        .whenComplete((_, error) -> {
                            if (closed || error == null) {
                                watcher.onClose();
                            } else {
                                watcher.onClose(new WatcherException("the watch broke off", error));
                            }
                        });
        flow.consume();
        return response;
    }

    /** Takes some bytes; the lines that they complete are told before the next are asked for. */
    void take(List<ByteBuffer> buffers, AsyncBody flow) throws IOException {
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = Answer.piece(buffer);
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, start, i - start);
                    start = i + 1;
                    tell();
                    line.reset();
                }
            }
            line.write(bytes, start, bytes.length - start);
        }
        flow.consume();
    }

    @Override
    public void close() {
        closed = true;
        AsyncBody flow = body;
        if (flow != null) {
            flow.cancel();
        }
    }

    private void tell() throws IOException {
        if (line.size() == 0) {
            return;
        }
        Watcher.Action action = null;
        JsonWalk walk = line.walk();
        walk.enter();
        while (walk.next()) {
            if (walk.name().equals("type")) {
                action = Watcher.Action.valueOf(walk.text());
            } else if (walk.name().equals("object") && action == Watcher.Action.ERROR) {
                fail(walk.read(Status.class));
                return;
            } else if (walk.name().equals("object") && action != null) {
                T object =
                        action == Watcher.Action.DELETED ? reading.last(walk) : reading.read(walk);
                watcher.eventReceived(action, object);
            } else {
                walk.skip();
            }
        }
    }

    private void fail(Status status) {
        KubernetesClientException cause = new KubernetesClientException(status);
        watcher.onClose(new WatcherException(String.valueOf(status.getMessage()), cause));
    }
}
