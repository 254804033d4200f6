package dev.burstlet.container.memory;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed image reference, with the registry and the tag that Docker adds.
 *
 * @param tag empty only where there is a digest
 * @param digest as {@code sha256:...}, or empty
 */
record ImageName(String registry, String path, String tag, String digest) {
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "(?:((?:[a-zA-Z0-9-]+\\.)+[a-zA-Z0-9-]+(?::\\d+)?|[a-zA-Z0-9-]+:\\d+|localhost)/)?"
                            + "([a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
                            + "(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)"
                            + "(?::([\\w][\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?");

    static Optional<ImageName> find(String reference) {
        Matcher matcher = SYNTAX.matcher(reference);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String registry = text(matcher.group(1));
        String digest = text(matcher.group(4));
        String tag = text(matcher.group(3));
        String path = text(matcher.group(2));
        boolean hub = registry.isEmpty() || registry.equals("docker.io");
        return Optional.of(
                new ImageName(
                        hub ? "docker.io" : registry,
                        hub && !path.contains("/") ? "library/" + path : path,
                        tag.isEmpty() && digest.isEmpty() ? "latest" : tag,
                        digest));
    }

    static ImageName parse(String reference) {
        return find(reference)
                .orElseThrow(() ->
                        new BackendException(
                                Reason.INVALID_IMAGE_NAME,
                                "couldn't parse image name \""
                                        + reference
                                        + "\": invalid reference format"));
    }

    private static String text(@org.jspecify.annotations.Nullable String group) {
        return group == null ? "" : group;
    }

    String repository() {
        return registry + "/" + path;
    }

    String tagged() {
        return repository() + ":" + tag;
    }
}
