package dev.burstlet.engine.image;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed image reference, by the grammar of the OCI distribution specification with Docker's
 * defaults.
 *
 * @param registry as {@code docker.io} or {@code host:5000}
 * @param repository without the registry, {@code library/} added where Docker adds it
 * @param suffix the tag or digest with its separator; empty where the reference has none
 */
record ImageName(String registry, String repository, String suffix) {
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final String DOMAIN =
            "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
    private static final Pattern REFERENCE =
            Pattern.compile(
                    "(?:(?<domain>"
                            + DOMAIN
                            + ")/)?(?<path>"
                            + COMPONENT
                            + "(?:/"
                            + COMPONENT
                            + ")*)(?<tag>:[\\w][\\w.-]{0,127})?"
                            + "(?<digest>@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");
    private static final int MAX_NAME = 255;

    static Optional<ImageName> parse(String reference) {
        Matcher match = REFERENCE.matcher(reference);
        if (!match.matches()) {
            return Optional.empty();
        }
        String domain = match.group("domain") == null ? "" : match.group("domain");
        String path = match.group("path");
        if (!domain.isEmpty() && !isRegistry(domain)) {
            if (!domain.equals(domain.toLowerCase(java.util.Locale.ROOT))) {
                return Optional.empty();
            }
            path = domain + "/" + path;
            domain = "";
        }
        String registry =
                domain.isEmpty() || domain.equals("index.docker.io") ? "docker.io" : domain;
        if (registry.equals("docker.io") && path.indexOf('/') < 0) {
            path = "library/" + path;
        }
        if (registry.length() + path.length() + 1 > MAX_NAME) {
            return Optional.empty();
        }
        String tag = match.group("tag") == null ? "" : match.group("tag");
        String digest = match.group("digest") == null ? "" : match.group("digest");
        return Optional.of(new ImageName(registry, path, tag + digest));
    }

    /** Docker's rule: the first component is a registry if it could not be a repository's. */
    private static boolean isRegistry(String component) {
        return component.indexOf('.') >= 0
                || component.indexOf(':') >= 0
                || component.equals("localhost")
                || component.startsWith("[");
    }

    /** Without tag and digest: what credentials are matched against. */
    String name() {
        return registry + "/" + repository;
    }

    /** The reference with {@code :latest} where it names neither tag nor digest. */
    static String withDefaultTag(String reference) {
        return parse(reference)
                .filter(name -> name.suffix().isEmpty())
                .map(_ -> reference + ":latest")
                .orElse(reference);
    }
}
