package dev.burstlet.docker.image;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the engine's words about a failed pull mean. It gives no codes for it. */
final class PullFailure {
    private static final List<String> PLATFORM =
            List.of(
                    "no matching manifest for",
                    "does not match the specified platform",
                    "no match for platform",
                    "cannot be used on this platform");
    private static final List<String> ACCESS =
            List.of(
                    "unauthorized",
                    "denied",
                    "no basic auth credentials",
                    "incorrect username or password",
                    "401",
                    "403");
    private static final Pattern REGISTRY =
            Pattern.compile(
                    "\\b50[234]\\b|connection refused|connection reset|no such host"
                            + "|i/o timeout|handshake timeout|deadline exceeded|network is unreachable"
                            + "|no route to host|request canceled while waiting|unexpected eof"
                            + "|server misbehaving|temporary failure in name resolution|: eof$");

    private PullFailure() {}

    static BackendException of(String reference, String message) {
        String text = message.strip();
        String named =
                text.contains(reference)
                        ? text
                        : "failed to pull image \"" + reference + "\": " + text;
        return new BackendException(reason(text.toLowerCase(Locale.ROOT)), named);
    }

    /** Whether other credentials may help. */
    static boolean isAccess(BackendException failure) {
        String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure.reason() == Reason.IMAGE_PULL && ACCESS.stream().anyMatch(text::contains);
    }

    private static Reason reason(String text) {
        if (text.contains("invalid reference format")) {
            return Reason.INVALID_IMAGE_NAME;
        }
        if (PLATFORM.stream().anyMatch(text::contains)) {
            return Reason.IMAGE_PLATFORM;
        }
        return REGISTRY.matcher(text).find() ? Reason.REGISTRY_UNAVAILABLE : Reason.IMAGE_PULL;
    }
}
