package dev.burstlet.serve.stream;

import org.jspecify.annotations.Nullable;

/**
 * The streams of one remote command, all of them open.
 *
 * @param error where its end is told
 * @param resize sizes of the client's terminal
 */
record CommandStreams(
        @Nullable Inbox stdin,
        @Nullable Outlet stdout,
        @Nullable Outlet stderr,
        Outlet error,
        @Nullable Inbox resize,
        StatusFormat format,
        Goodbye goodbye) {
    /** Ends the connection after all is said. */
    @FunctionalInterface
    interface Goodbye {
        void say() throws InterruptedException;
    }
}
