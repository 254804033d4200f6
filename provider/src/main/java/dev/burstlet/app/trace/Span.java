package dev.burstlet.app.trace;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A piece of work that has ended, as OpenTelemetry has it.
 *
 * @param trace 32 hexadecimal digits
 * @param id 16 hexadecimal digits
 * @param parent the span that this one is a part of, or empty
 */
record Span(
        String trace,
        String id,
        String parent,
        String name,
        Instant begun,
        Instant ended,
        boolean failed,
        Map<String, String> attributes,
        List<Happening> events) {
    Span {
        attributes = Map.copyOf(attributes);
        events = List.copyOf(events);
    }

    /** Something at one moment of a span. */
    record Happening(Instant time, String name, String message) {}
}
