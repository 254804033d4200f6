package dev.burstlet.app.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The body of an OTLP trace request in the protocol's JSON encoding. */
final class OtlpJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INTERNAL = 1;
    private static final int ERROR = 2;

    private OtlpJson() {}

    static byte[] of(List<Span> spans) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode resource = root.putArray("resourceSpans").addObject();
        attributes(resource.putObject("resource"), Map.of("service.name", "burstlet"));
        ObjectNode scope = resource.putArray("scopeSpans").addObject();
        scope.putObject("scope").put("name", "dev.burstlet");
        ArrayNode all = scope.putArray("spans");
        spans.forEach(span -> write(all.addObject(), span));
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(ObjectNode node, Span span) {
        node.put("traceId", span.trace());
        node.put("spanId", span.id());
        if (!span.parent().isEmpty()) {
            node.put("parentSpanId", span.parent());
        }
        node.put("name", span.name());
        node.put("kind", INTERNAL);
        node.put("startTimeUnixNano", nanos(span.begun()));
        node.put("endTimeUnixNano", nanos(span.ended()));
        attributes(node, span.attributes());
        ArrayNode events = node.putArray("events");
        for (Span.Happening event : span.events()) {
            ObjectNode one = events.addObject();
            one.put("timeUnixNano", nanos(event.time()));
            one.put("name", event.name());
            attributes(one, Map.of("message", event.message()));
        }
        if (span.failed()) {
            node.putObject("status").put("code", ERROR);
        }
    }

    private static void attributes(ObjectNode node, Map<String, String> attributes) {
        ArrayNode all = node.putArray("attributes");
        new TreeMap<>(attributes)
                .forEach((key, value) ->
                        all.addObject()
                                .put("key", key)
                                .putObject("value")
                                .put("stringValue", value));
    }

    /** 64-bit numbers are strings in the encoding. */
    private static String nanos(Instant time) {
        return Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano());
    }
}
