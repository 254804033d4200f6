package dev.burstlet.hyper.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;

/** Objects of the Kubernetes API as the JSON of the API. */
final class Json {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Json() {}

    static ByteString write(Object object) {
        try {
            return ByteString.copyFrom(MAPPER.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON of " + object.getClass(), e);
        }
    }

    /**
     * Reads an object; the message names no value, which may be secret.
     *
     * @throws IllegalArgumentException for what is not such an object
     */
    static <T> T read(ByteString json, Class<T> type) {
        try (var input = json.newInput()) {
            return MAPPER.readValue(input, type);
        } catch (IOException e) {
            throw new IllegalArgumentException("not the JSON of a " + type.getSimpleName());
        }
    }
}
