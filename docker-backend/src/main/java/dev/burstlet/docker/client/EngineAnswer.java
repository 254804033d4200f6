package dev.burstlet.docker.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of the engine.
 *
 * @param status the HTTP status
 * @param body its text
 */
public record EngineAnswer(int status, String body) {
    static final ObjectMapper JSON = new ObjectMapper();

    public boolean ok() {
        return status >= 200 && status < 300;
    }

    /** The body; missing where it is empty. */
    public JsonNode json() throws IOException {
        return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
    }

    /** The words of a failure: the engine's message, or what it sent instead. */
    public String message() {
        return message(body);
    }

    static String message(@Nullable String body) {
        if (body == null) {
            return "";
        }
        int brace = body.indexOf('{');
        if (brace >= 0) {
            try {
                JsonNode message = JSON.readTree(body.substring(brace)).path("message");
                if (message.isTextual()) {
                    return message.textValue();
                }
            } catch (JsonProcessingException e) {
                return shorten(body);
            }
        }
        return shorten(body);
    }

    private static String shorten(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }
}
