package dev.burstlet.cluster;

import java.io.IOException;

/** How an object of the API is read. */
@FunctionalInterface
public interface Reading<T> {
    /**
     * Reads one object, and nothing after it.
     *
     * @param walk before the object
     */
    T read(JsonWalk walk) throws IOException;

    /**
     * Reads an object that is gone, of which it suffices to know which one it was.
     *
     * @param walk before the object
     */
    default T last(JsonWalk walk) throws IOException {
        return read(walk);
    }
}
