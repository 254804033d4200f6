package dev.burstlet.hyper.wire;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Failures as a status with the reason in a trailer, and back. */
public final class Failures {
    private static final Metadata.Key<String> REASON =
            Metadata.Key.of("burstlet-reason", Metadata.ASCII_STRING_MARSHALLER);

    private Failures() {}

    /** What the client is told. */
    public static StatusRuntimeException status(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException e -> e;
            case BackendException e -> {
                Metadata trailers = new Metadata();
                trailers.put(REASON, e.reason().name());
                yield Status.fromCode(code(e.reason()))
                        .withDescription(e.getMessage())
                        .asRuntimeException(trailers);
            }
            case IllegalArgumentException e ->
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
            case InterruptedException e ->
                    Status.CANCELLED.withDescription("cancelled").asRuntimeException();
            default ->
                    Status.UNKNOWN
                            .withDescription(String.valueOf(failure.getMessage()))
                            .asRuntimeException();
        };
    }

    /** What the host meant. */
    public static BackendException read(String host, StatusException e) {
        return read(host, e.getStatus(), e.getTrailers(), e);
    }

    /** What the host meant. */
    public static BackendException read(String host, StatusRuntimeException e) {
        return read(host, e.getStatus(), e.getTrailers(), e);
    }

    private static BackendException read(
            String host, Status status, @Nullable Metadata trailers, Exception cause) {
        String description = String.valueOf(status.getDescription());
        Optional<Reason> told =
                Optional.ofNullable(trailers)
                        .flatMap(all -> Optional.ofNullable(all.get(REASON)))
                        .flatMap(Failures::reason);
        if (told.isPresent()) {
            return new BackendException(told.get(), description, cause);
        }
        Reason reason =
                switch (status.getCode()) {
                    case UNAVAILABLE, FAILED_PRECONDITION, CANCELLED -> Reason.UNAVAILABLE;
                    case DEADLINE_EXCEEDED -> Reason.TIMEOUT;
                    case NOT_FOUND -> Reason.NOT_FOUND;
                    case INVALID_ARGUMENT -> Reason.INVALID;
                    case ABORTED, ALREADY_EXISTS -> Reason.CONFLICT;
                    case PERMISSION_DENIED, UNAUTHENTICATED -> Reason.FORBIDDEN;
                    case UNIMPLEMENTED -> Reason.UNSUPPORTED;
                    default -> Reason.ENGINE;
                };
        return new BackendException(reason, "agent " + host + ": " + words(status), cause);
    }

    /** Code, description and what lies below, as far as it says something. */
    public static String words(Status status) {
        StringBuilder words = new StringBuilder(status.getCode().name());
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            words.append(": of another release, without this call");
        }
        if (status.getDescription() != null) {
            words.append(": ").append(status.getDescription());
        }
        @Nullable Throwable cause = status.getCause();
        while (cause != null) {
            if (cause.getMessage() != null && words.indexOf(cause.getMessage()) < 0) {
                words.append(": ").append(cause.getMessage());
            }
            cause = cause.getCause();
        }
        return words.toString();
    }

    private static Optional<Reason> reason(String name) {
        return Arrays.stream(Reason.values()).filter(one -> one.name().equals(name)).findFirst();
    }

    private static Status.Code code(Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case CONFLICT -> Status.Code.ALREADY_EXISTS;
            case INVALID, INVALID_IMAGE_NAME -> Status.Code.INVALID_ARGUMENT;
            case UNSUPPORTED -> Status.Code.UNIMPLEMENTED;
            case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
            case TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
            case CANNOT_RUN, IMAGE_PULL, REGISTRY_UNAVAILABLE, IMAGE_PLATFORM, SUB_PATH, ENGINE ->
                    Status.Code.INTERNAL;
        };
    }
}
