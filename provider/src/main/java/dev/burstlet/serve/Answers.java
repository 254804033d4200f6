package dev.burstlet.serve;

import dev.burstlet.pod.BackendException;
import dev.burstlet.serve.http.Refusal;

/** The HTTP statuses of what a host could not do. */
final class Answers {
    private Answers() {}

    static Refusal refusal(BackendException e) {
        String message = e.getMessage();
        return new Refusal(status(e.reason()), message == null ? e.reason().name() : message);
    }

    private static int status(BackendException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> 404;
            case INVALID, UNSUPPORTED -> 400;
            case FORBIDDEN -> 403;
            case CONFLICT -> 409;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
            case CANNOT_RUN,
                    INVALID_IMAGE_NAME,
                    IMAGE_PULL,
                    REGISTRY_UNAVAILABLE,
                    IMAGE_PLATFORM,
                    SUB_PATH,
                    ENGINE ->
                    500;
        };
    }
}
