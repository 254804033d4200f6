package dev.burstlet.cluster;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** How an object of the API is read. */
@FunctionalInterface
public interface Reading<T> {
    /**
     * Reads one object, and nothing after it.
     *
     * @param parser at the object's first token
     */
    T read(JsonParser parser) throws IOException;

    /**
     * Reads an object that is gone, of which it suffices to know which one it was.
     *
     * @param parser at the object's first token
     */
    default T last(JsonParser parser) throws IOException {
        return read(parser);
    }
}
