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
}
