package dev.burstlet.docker.wire;

import dev.burstlet.docker.wire.EngineConnection.Response;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reading and writing an engine's connection, with what a failure of it means. */
public final class Wire {
    private Wire() {}

    /**
     * Sends a request and takes only success for an answer.
     *
     * @throws BackendException what the engine said, TIMEOUT where it did not answer in time
     */
    public static Response request(
            String what, EngineConnection connection, Duration timeout, Use<Response> request)
            throws InterruptedException {
        try (Deadline answer = Deadline.of(connection, timeout)) {
            Response response = use(what, answer, request);
            if (!response.isSuccess()) {
                throw use(what, answer, () -> EngineErrors.of(what, response));
            }
            return response;
        }
    }

    /** One use of the connection. */
    @FunctionalInterface
    public interface Use<T extends @Nullable Object> {
        T get() throws IOException;
    }

    /**
     * Uses the connection.
     *
     * @throws InterruptedException where the thread was interrupted meanwhile
     * @throws BackendException TIMEOUT where the deadline closed the connection, else UNAVAILABLE
     */
    public static <T extends @Nullable Object> T use(
            String what, @Nullable Deadline deadline, Use<T> use) throws InterruptedException {
        try {
            return use.get();
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (deadline != null && deadline.expired()) {
                throw new BackendException(Reason.TIMEOUT, what + ": no answer in time", e);
            }
            throw new BackendException(
                    Reason.UNAVAILABLE, what + ": connection lost: " + e.getMessage(), e);
        }
    }
}
