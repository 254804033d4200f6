package dev.burstlet.hyper.cri;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime's errors mean. The CRI promises few codes, and containerd gives UNKNOWN with a
 * text for most; what the text says is looked at where the code says nothing.
 */
public final class CriErrors {
    private static final int MAX_MESSAGE = 2000;

    private CriErrors() {}

    static BackendException map(String host, String what, StatusRuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
            return interrupted(what, e);
        }
        String text = text(e.getStatus());
        Reason reason = reason(e.getStatus().getCode(), text.toLowerCase(Locale.ROOT));
        String where = reason == Reason.UNAVAILABLE || reason == Reason.TIMEOUT ? host + ": " : "";
        return new BackendException(reason, where + what + ": " + text, e);
    }

    static BackendException interrupted(String what, Throwable e) {
        Thread.currentThread().interrupt();
        return new BackendException(Reason.TIMEOUT, what + ": given up, interrupted", e);
    }

    /** The same failure in the runtime's own words, as they stand in events and statuses. */
    public static BackendException bare(BackendException e, String what) {
        return new BackendException(e.reason(), words(e, what + ": "), e);
    }

    private static String words(BackendException e, String prefix) {
        String whole = String.valueOf(e.getMessage());
        return whole.startsWith(prefix) ? whole.substring(prefix.length()) : whole;
    }

    /** The same failure with the reason that a pull gives it, in the runtime's own words. */
    static BackendException pull(BackendException e, String prefix) {
        String text = words(e, prefix);
        return new BackendException(pullReason(e.reason(), text.toLowerCase(Locale.ROOT)), text, e);
    }

    private static Reason pullReason(Reason reason, String text) {
        if (reason == Reason.TIMEOUT && text.contains("interrupted")) {
            return reason;
        }
        if (containsAny(text, "invalid reference", "parse image", "could not parse")) {
            return Reason.INVALID_IMAGE_NAME;
        }
        if (containsAny(text, "no match for platform", "does not match the specified platform")) {
            return Reason.IMAGE_PLATFORM;
        }
        if (containsAny(
                text,
                "registryunavailable",
                "connection refused",
                "no such host",
                "i/o timeout",
                "name resolution",
                "server misbehaving",
                "network is unreachable",
                "no route to host",
                "503 service unavailable",
                "502 bad gateway")) {
            return Reason.REGISTRY_UNAVAILABLE;
        }
        return reason == Reason.UNAVAILABLE ? reason : Reason.IMAGE_PULL;
    }

    private static Reason reason(Status.Code code, String text) {
        return switch (code) {
            case NOT_FOUND -> Reason.NOT_FOUND;
            case ALREADY_EXISTS, ABORTED -> Reason.CONFLICT;
            case UNIMPLEMENTED -> Reason.UNSUPPORTED;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> Reason.INVALID;
            case DEADLINE_EXCEEDED -> Reason.TIMEOUT;
            case UNAVAILABLE -> Reason.UNAVAILABLE;
            case CANCELLED -> Reason.TIMEOUT;
            default -> byText(text);
        };
    }

    private static Reason byText(String text) {
        if (containsAny(text, "executable file not found", "no such file or directory: unknown")
                || (text.contains("oci runtime") && text.contains("permission denied"))
                || text.contains("unable to start container process")
                || text.contains("starting container")) {
            return Reason.CANNOT_RUN;
        }
        boolean deadSandbox = text.contains("sandbox container") && text.contains("is not running");
        if (deadSandbox
                || containsAny(text, "is reserved for", "already exists", "in exited state")) {
            return Reason.CONFLICT;
        }
        if (containsAny(text, "not found", "does not exist")) {
            return Reason.NOT_FOUND;
        }
        if (text.contains("no runtime for")) {
            return Reason.INVALID;
        }
        return Reason.ENGINE;
    }

    private static boolean containsAny(String text, String... parts) {
        for (String part : parts) {
            if (text.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /** Without the backtrace that Kata's agent adds. */
    static String text(Status status) {
        @Nullable String description = status.getDescription();
        @Nullable Throwable cause = status.getCause();
        String text =
                description == null
                        ? status.getCode().name()
                        : cause == null || cause.getMessage() == null
                                ? description
                                : description + ": " + cause.getMessage();
        int backtrace = text.indexOf("\nStack backtrace");
        String trimmed = backtrace < 0 ? text : text.substring(0, backtrace);
        return trimmed.length() > MAX_MESSAGE ? trimmed.substring(0, MAX_MESSAGE) : trimmed;
    }
}
