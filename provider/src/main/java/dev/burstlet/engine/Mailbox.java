package dev.burstlet.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands letters to one handler, in order, in batches, never two at once: on a virtual thread that
 * lives only while there is something to handle.
 */
final class Mailbox<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final String name;
    private final Consumer<List<T>> handler;
    private List<T> letters = new ArrayList<>();
    private boolean handling;
    private boolean closed;

    Mailbox(String name, Consumer<List<T>> handler) {
        this.name = name;
        this.handler = handler;
    }

    synchronized void post(T letter) {
        if (closed) {
            return;
        }
        letters.add(letter);
        if (!handling) {
            handling = true;
            Thread.ofVirtual().name(name).start(this::handle);
        }
    }

    /** No letter is taken or handed over any more. */
    synchronized void close() {
        closed = true;
        letters.clear();
    }

    private void handle() {
        List<T> batch = take();
        while (!batch.isEmpty()) {
            try {
                handler.accept(batch);
            } catch (RuntimeException e) {
                LOG.error("{}: defect while handling {}", name, batch, e);
            }
            batch = take();
        }
    }

    private synchronized List<T> take() {
        List<T> batch = letters;
        letters = new ArrayList<>();
        handling = !batch.isEmpty();
        return batch;
    }
}
