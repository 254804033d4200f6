package dev.burstlet.docker.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.github.dockerjava.api.exception.DockerException;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How whatever can go wrong on the way to an engine and back is told: the one place that makes a
 * {@link BackendException} of an HTTP status, a broken connection or an answer that is none.
 */
public final class EngineFailure {
    private EngineFailure() {}

    /** What an answer with this status and message means. */
    public static BackendException ofStatus(String host, int status, String message) {
        Reason reason =
                switch (status) {
                    case 400, 403, 422 -> Reason.INVALID;
                    case 404 -> Reason.NOT_FOUND;
                    case 409 -> Reason.CONFLICT;
                    case 501 -> Reason.UNSUPPORTED;
                    case 502, 503, 504 -> Reason.UNAVAILABLE;
                    default -> Reason.ENGINE;
                };
        String text = message.isBlank() ? "HTTP status " + status : message.strip();
        return new BackendException(reason, "Docker host " + host + ": " + text);
    }

    /** What a throwable out of a call means. */
    public static BackendException of(String host, Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
            @Nullable BackendException told = tell(host, cause);
            if (told != null) {
                return told;
            }
        }
        return new BackendException(
                Reason.ENGINE, "Docker host " + host + ": " + describe(failure), failure);
    }

    private static @Nullable BackendException tell(String host, Throwable cause) {
        return switch (cause) {
            case BackendException e -> e;
            case DockerException e when e.getHttpStatus() > 0 ->
                    ofStatus(host, e.getHttpStatus(), EngineAnswer.message(e.getMessage()));
            case JsonProcessingException e ->
                    new BackendException(
                            Reason.ENGINE,
                            "Docker host " + host + " gave an answer that is not JSON",
                            e);
            case IOException e ->
                    new BackendException(
                            Reason.UNAVAILABLE,
                            "Docker host " + host + " cannot be reached: " + describe(e),
                            e);
            default -> null;
        };
    }

    private static String describe(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip();
    }
}
