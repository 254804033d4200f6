package dev.burstlet.docker.wire;

import java.time.Duration;

/** Closes a connection when the time is over, unless it was closed itself before. */
public final class Deadline implements AutoCloseable {
    private final Thread watch;
    private volatile boolean expired;

    private Deadline(EngineConnection connection, Duration timeout) {
        watch =
                Thread.ofVirtual()
                        .name("deadline")
                        .start(() -> {
                            try {
                                Thread.sleep(timeout);
                                expired = true;
                                connection.close();
                            } catch (InterruptedException e) {
                                // in time
                            }
                        });
    }

    public static Deadline of(EngineConnection connection, Duration timeout) {
        return new Deadline(connection, timeout);
    }

    public boolean expired() {
        return expired;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
