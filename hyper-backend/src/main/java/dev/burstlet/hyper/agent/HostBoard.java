package dev.burstlet.hyper.agent;

import dev.burstlet.pod.HostDescription;
import org.jspecify.annotations.Nullable;

/** The host as last described; who reads it is told of each change. */
final class HostBoard {
    private @Nullable HostDescription now;

    synchronized void write(HostDescription next) {
        now = next;
        notifyAll();
    }

    /** Waits for a description that is not the one given. */
    synchronized HostDescription after(@Nullable HostDescription seen) throws InterruptedException {
        while (true) {
            HostDescription current = now;
            if (current != null && !current.equals(seen)) {
                return current;
            }
            wait();
        }
    }
}
