package dev.burstlet.docker.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an engine's refusals mean. */
public final class EngineErrors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 64 * 1024;

    private EngineErrors() {}

    /** Makes a call and turns its failure into a {@link BackendException}. */
    public static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw of(what, e);
        }
    }

    /** The failure of a docker-java call. */
    public static BackendException of(String what, RuntimeException e) {
        if (e instanceof BackendException already) {
            return already;
        }
        if (e instanceof DockerException docker) {
            return new BackendException(
                    reason(docker.getHttpStatus()), what + ": " + text(docker.getMessage()), e);
        }
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new BackendException(Reason.TIMEOUT, what + ": no answer in time", e);
            }
            if (cause instanceof IOException) {
                return new BackendException(
                        Reason.UNAVAILABLE, what + ": " + cause.getMessage(), e);
            }
        }
        return new BackendException(Reason.ENGINE, what + ": " + e.getMessage(), e);
    }

    /** The failure that an answer of our own connection tells. */
    public static BackendException of(String what, EngineConnection.Response response)
            throws IOException {
        return new BackendException(
                reason(response.status()), what + ": " + text(read(response.body())));
    }

    static Reason reason(int status) {
        return switch (status) {
            case 400 -> Reason.INVALID;
            case 404 -> Reason.NOT_FOUND;
            case 409 -> Reason.CONFLICT;
            case 501 -> Reason.UNSUPPORTED;
            case 502, 503, 504 -> Reason.UNAVAILABLE;
            default -> Reason.ENGINE;
        };
    }

    private static String read(InputStream body) throws IOException {
        return new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    }

    /** The message of an engine's JSON error, or the text as it is. */
    private static String text(@Nullable String body) {
        if (body == null) {
            return "no reason given";
        }
        int brace = body.indexOf('{');
        if (brace >= 0) {
            try {
                JsonNode message = JSON.readTree(body.substring(brace)).path("message");
                if (message.isTextual()) {
                    return message.asText().strip();
                }
            } catch (JsonProcessingException e) {
                // not JSON after all
            }
        }
        return body.strip();
    }
}
