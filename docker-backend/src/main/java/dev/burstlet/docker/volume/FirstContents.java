package dev.burstlet.docker.volume;

import dev.burstlet.container.Publication;
import dev.burstlet.docker.wire.Deadline;
import dev.burstlet.docker.wire.EngineConnection;
import dev.burstlet.docker.wire.EngineConnection.Response;
import dev.burstlet.docker.wire.EngineDialer;
import dev.burstlet.docker.wire.Frames;
import dev.burstlet.docker.wire.Wire;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first contents of a pod's volumes, by the standard input of the sandbox that is being made:
 * an exec would take longer than all else that they need. The input is held from before the
 * sandbox's start until it is used, for a while at the most; whatever fails of it is left to an
 * exec ({@link DockerVolumes#publish}). Safe for use by many threads.
 */
public final class FirstContents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstContents.class);

    /** A sandbox's own start is in it. */
    private static final Duration MOST_HELD = Duration.ofSeconds(30);

    private final EngineDialer dialer;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    public FirstContents(EngineDialer dialer) {
        this.dialer = dialer;
    }

    /** Attaches to a sandbox that was created and has not been started. */
    public void attach(String sandboxId) {
        EngineConnection connection = null;
        try {
            connection = dialer.open();
            held.put(sandboxId, attached("attach to " + sandboxId, sandboxId, connection));
            connection = null;
        } catch (BackendException e) {
            LOG.debug("The first contents of {} will go by an exec: {}", sandboxId, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
    }

    private Held attached(String what, String sandboxId, EngineConnection connection)
            throws InterruptedException {
        String path = "/containers/" + sandboxId + "/attach?stream=1&stdin=1&stdout=1&stderr=1";
        Response response =
                Wire.request(
                        what,
                        connection,
                        dialer.callTimeout(),
                        () -> connection.upgrade(path, null));
        return new Held(what, connection, response, Deadline.of(connection, MOST_HELD));
    }

    /**
     * Publishes, once for a sandbox.
     *
     * @return whether all of them are where they belong; if not, some may be
     * @throws BackendException TIMEOUT where the caller was interrupted, INVALID as {@link
     *     DockerVolumes#publish}
     */
    public boolean publish(String sandboxId, List<Publication> publications) {
        Held input = held.remove(sandboxId);
        if (input == null) {
            return false;
        }
        try (input) {
            return input.put(PublicationStream.of(publications));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.TIMEOUT, "sandbox: interrupted", e);
        }
    }

    /** Lets go of a sandbox whose first contents have not come. */
    public void forget(String sandboxId) {
        Held input = held.remove(sandboxId);
        if (input != null) {
            input.close();
        }
    }

    /** Lets go of all. */
    @Override
    public void close() {
        List.copyOf(held.keySet()).forEach(this::forget);
    }

    private record Held(
            String what, EngineConnection connection, Response response, Deadline deadline)
            implements AutoCloseable {

        boolean put(InputStream contents) throws InterruptedException {
            Thread writer = Thread.ofVirtual().name(what).start(() -> write(contents));
            try {
                Frames frames = new Frames(response.body(), false);
                if (Wire.use(what, deadline, frames::next) && frames.stream() == Frames.STDOUT) {
                    return true;
                }
                LOG.debug("{}: the first contents were not taken", what);
            } catch (BackendException e) {
                LOG.debug("{}: {}", what, e.getMessage());
            } finally {
                writer.interrupt();
            }
            return false;
        }

        private void write(InputStream contents) {
            try {
                contents.transferTo(connection.out());
                connection.out().flush();
            } catch (IOException e) {
                // The sandbox or the connection has ended; who reads it hears of it.
            }
        }

        @Override
        public void close() {
            deadline.close();
            connection.close();
        }
    }
}
