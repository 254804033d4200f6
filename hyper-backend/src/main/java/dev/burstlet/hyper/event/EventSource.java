package dev.burstlet.hyper.event;

import dev.burstlet.pod.BackendException;

/** One way to learn what changes on a runtime. */
interface EventSource {
    /** What a source tells; quick, from any thread. */
    interface Listener {
        /** From now on nothing is missed. */
        void connected();

        /** Something of this pod has changed, and the CRI shows it. */
        void changed(String podUid);

        /** Whether nobody listens any more. */
        boolean closed();
    }

    /**
     * Tells until it ends.
     *
     * @return why it ended
     * @throws BackendException UNSUPPORTED where the runtime has no such events
     */
    String listen(Listener listener) throws InterruptedException;
}
