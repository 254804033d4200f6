package dev.burstlet.serve.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The decoded query of a request. */
public record Query(Map<String, List<String>> values) {
    private static final int MAX_PARAMETERS = 4096;

    public Query {
        values = Map.copyOf(values);
    }

    static Query of(String uri) throws Refusal {
        try {
            return new Query(
                    QueryStringDecoder.builder()
                            .hasPath(true)
                            .maxParams(MAX_PARAMETERS)
                            // A semicolon is part of a value, as in Go: shell commands have it.
                            .semicolonIsNormalChar(true)
                            .build(uri)
                            .parameters());
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "malformed query");
        }
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** The kubelet's own flags: 1 or true. */
    public boolean flag(String name) {
        String value = first(name).orElse("");
        return value.equals("1") || value.equalsIgnoreCase("true");
    }
}
