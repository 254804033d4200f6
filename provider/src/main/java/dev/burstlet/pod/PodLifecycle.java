package dev.burstlet.pod;

import java.util.List;
import java.util.Optional;

/**
 * The virtual kubelet's contract with the place where pods run. The cluster side says which pods
 * are wanted; the host side owns everything between two such words: start order, probes, hooks,
 * restarts, back-off, eviction, volumes.
 *
 * <p>createPod, updatePod and deletePod record the wish and return; what comes of it is told to the
 * listener. All methods are safe for use by many threads, may be repeated at will, and throw {@link
 * BackendException} only when the wish itself could not be recorded (a remote host that is away);
 * repeating it later is then the caller's duty.
 */
public interface PodLifecycle extends AutoCloseable {
    /**
     * Tells the listener from now on; first, a report of every pod that the host holds. At most one
     * listener; to be called before anything else.
     */
    void listen(PodListener listener);

    /**
     * Wants a pod. A pod that already runs under this UID is adopted, never started twice. A pod
     * whose bundle has a deletionTimestamp is ended, not started.
     */
    void createPod(PodBundle bundle);

    /**
     * Replaces the bundle of a pod; the same as createPod for a pod that the host does not hold.
     */
    void updatePod(PodBundle bundle);

    /**
     * Ends a pod and removes all that is of it. Repeated with a shorter grace period it shortens
     * the time that is left, never lengthens it. The end is a report of stage REMOVED, also for a
     * pod that the host does not hold.
     */
    void deletePod(PodKey key, Deletion deletion);

    /**
     * Ends a pod for the node's sake, by its own grace period: it ends in phase Failed with this
     * reason, and what is left of it stays until it is deleted. A pod that is ending, has ended, or
     * is not held is left as it is.
     */
    default void failPod(PodKey key, Failure failure) {
        throw new BackendException(
                BackendException.Reason.UNSUPPORTED, "this host cannot end a pod for another one");
    }

    /** The pod with its status, while the host holds it. */
    Optional<HostedPod> getPod(PodKey key);

    /** A pod's newest report, while the host holds it. */
    default Optional<PodReport> getPodStatus(PodKey key) {
        return getPod(key).map(HostedPod::report);
    }

    /**
     * Every pod of which anything is on the host, those found by their labels included. Complete or
     * failed, never partial.
     *
     * @throws BackendException where the host could not be asked
     */
    List<HostedPod> getPods();

    /**
     * The newest report of each of them.
     *
     * @throws BackendException where the host could not be asked
     */
    default List<PodReport> getReports() {
        return getPods().stream().map(HostedPod::report).toList();
    }

    /** The host as last seen; never blocks. */
    HostDescription describeHost();

    /** Logs, exec, attach and port-forward. */
    PodStreams streams();

    /**
     * Resource usage of the host and its pods, at most a few seconds old.
     *
     * @throws BackendException where the host could not be asked
     */
    HostStats stats();

    /** Stops looking after the pods; leaves them running as they are. */
    @Override
    void close();

    /**
     * Why a pod had to go.
     *
     * @param reason of its status and of the event, as {@code Preempting}
     * @param message of both
     * @param disruption the message of condition DisruptionTarget
     */
    record Failure(String reason, String message, String disruption) {}

    /**
     * How a pod is to be ended.
     *
     * @param gracePeriodSeconds seconds for preStop and SIGTERM together; 0 kills at once; negative
     *     means the pod's own terminationGracePeriodSeconds
     * @param reason shown in the pod's events, as the kubelet's ("Stopping container x" when empty)
     * @param keep whether what has ended stays, for its logs, until a deletion that does not say so
     */
    record Deletion(long gracePeriodSeconds, String reason, boolean keep) {
        /** With nothing left of it. */
        public Deletion(long gracePeriodSeconds, String reason) {
            this(gracePeriodSeconds, reason, false);
        }
    }
}
