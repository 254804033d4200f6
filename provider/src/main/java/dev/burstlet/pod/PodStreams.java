package dev.burstlet.pod;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * The streams of a pod. Every method blocks its (virtual) thread until the stream is at its end;
 * interrupting the thread cancels it and frees everything that it holds on the host. A stream given
 * by the caller is neither closed nor kept; a slow one slows the process, nothing is buffered
 * without bound.
 */
public interface PodStreams {
    /**
     * Copies a container's log.
     *
     * @throws BackendException NOT_FOUND for no such pod or container; INVALID with the API's
     *     wording ("container x in pod y is waiting to start: ...") where there is no log yet
     * @throws IOException from writing to {@code out}
     */
    void logs(PodKey key, String container, LogRequest request, OutputStream out)
            throws IOException, InterruptedException;

    /**
     * Runs a command in a running container and returns its exit code.
     *
     * @throws BackendException where it could not be started
     */
    int exec(PodKey key, String container, List<String> command, ProcessIo io)
            throws IOException, InterruptedException;

    /** Attaches to a running container's main process; returns when that or the caller ends. */
    void attach(PodKey key, String container, ProcessIo io)
            throws IOException, InterruptedException;

    /**
     * Joins one TCP connection to a port in the pod's network namespace, loopback listeners
     * included, in both directions with half-close, until both ended. Once the pod's side has sent
     * all, {@code out} is to be closed at once: closing it is how the caller's client learns of it,
     * while the other direction goes on.
     *
     * @throws BackendException where nothing listens
     */
    void portForward(PodKey key, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException;
}
