package dev.burstlet.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code /statusz} and {@code /flagz} (Kubernetes docs, "Kubernetes z-pages"): text for people, and
 * objects of group {@code config.k8s.io} for who asks for one by name.
 */
final class ZPages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GROUP = "config.k8s.io";
    private static final List<String> VERSIONS = List.of("v1beta1", "v1alpha1");
    private static final DateTimeFormatter UNIX_DATE =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private final Component component;
    private final InstantSource clock;
    private final List<String> paths;

    /**
     * @param paths that can be read beside these
     */
    ZPages(Component component, InstantSource clock, List<String> paths) {
        this.component = component;
        this.clock = clock;
        this.paths = paths;
    }

    void statusz(Exchange exchange) throws Refusal, IOException {
        Instant started = component.started().truncatedTo(ChronoUnit.SECONDS);
        Duration up = Duration.between(started, clock.instant());
        String java = "java" + Runtime.version();
        Optional<String> version = asked(exchange, "Statusz");
        if (version.isEmpty()) {
            text(
                    exchange,
                    "statusz",
                    """

                    Started: %s
                    Up: %d hr %02d min %02d sec
                    Runtime version: %s
                    Binary version: %s
                    Emulation version: %s
                    Paths: %s
                    """
                            .formatted(
                                    UNIX_DATE.format(started),
                                    up.toHours(),
                                    up.toMinutesPart(),
                                    up.toSecondsPart(),
                                    java,
                                    component.version(),
                                    emulated(),
                                    String.join(" ", paths)));
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("startTime", started.toString());
        fields.put("uptimeSeconds", up.toSeconds());
        // The API has no other field for what a binary was built with.
        fields.put("goVersion", java);
        fields.put("binaryVersion", component.version());
        fields.put("emulationVersion", emulated());
        fields.put("paths", paths);
        object(exchange, "Statusz", version.get(), fields);
    }

    void flagz(Exchange exchange) throws Refusal, IOException {
        Map<String, String> flags = new TreeMap<>(component.flags());
        Optional<String> version = asked(exchange, "Flagz");
        if (version.isPresent()) {
            object(exchange, "Flagz", version.get(), Map.of("flags", flags));
            return;
        }
        StringBuilder lines = new StringBuilder();
        flags.forEach((name, value) -> lines.append(name).append('=').append(value).append('\n'));
        text(exchange, "flagz", lines.toString());
    }

    /** The minor release, as {@code 1.36}. */
    private String emulated() {
        String[] parts = component.version().replaceFirst("^v", "").split("\\.", 3);
        return parts.length < 2 ? component.version() : parts[0] + "." + parts[1];
    }

    /**
     * The version of the object that is asked for; empty where text will do.
     *
     * @throws Refusal 406 where neither will
     */
    private static Optional<String> asked(Exchange exchange, String kind) throws Refusal {
        String accept = exchange.headers().get("Accept", "");
        if (accept.isBlank()) {
            return Optional.empty();
        }
        for (String range : accept.split(",", -1)) {
            List<String> parts =
                    Arrays.stream(range.split(";", -1)).map(part -> part.replace(" ", "")).toList();
            switch (parts.getFirst()) {
                case "text/plain", "text/*", "*/*" -> {
                    return Optional.empty();
                }
                case "application/json" -> {
                    if (parts.contains("as=" + kind) && parts.contains("g=" + GROUP)) {
                        for (String version : VERSIONS) {
                            if (parts.contains("v=" + version)) {
                                return Optional.of(version);
                            }
                        }
                    }
                }
                default -> {}
            }
        }
        throw new Refusal(
                406,
                "only the following media types are accepted: text/plain, application/json;g="
                        + GROUP
                        + ";v="
                        + VERSIONS.getFirst()
                        + ";as="
                        + kind);
    }

    private static void text(Exchange exchange, String page, String lines) {
        String heading =
                """

                kubelet %s
                Warning: This endpoint is not meant to be machine parseable, has no formatting \
                compatibility guarantees and is for debugging purposes only.
                """
                        .formatted(page);
        exchange.respond("text/plain; charset=utf-8", heading + lines);
    }

    private static void object(
            Exchange exchange, String kind, String version, Map<String, Object> fields)
            throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("kind", kind);
        object.put("apiVersion", GROUP + "/" + version);
        object.put("metadata", Map.of("name", "kubelet"));
        object.putAll(fields);
        exchange.respond(200, "application/json", JSON.writeValueAsBytes(object));
    }
}
