package dev.burstlet.pod;

/**
 * Told what happens on a host. Called from the host's threads, possibly at once from several; an
 * implementation returns quickly and never throws.
 */
public interface PodListener {
    /**
     * A pod's status changed, or is told again after a reconnect. Reports of one pod come in order.
     */
    void podReported(PodReport report);

    /** Best effort: an event may be lost, never a report. */
    void podEvent(PodEvent event);

    /** Capacity, health, conditions or images of the host changed. */
    void hostChanged(HostDescription host);
}
