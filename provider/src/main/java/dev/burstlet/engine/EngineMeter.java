package dev.burstlet.engine;

import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/**
 * Who counts and times what an engine does with its pods. Called on the threads that do it: must
 * not wait.
 */
public interface EngineMeter {
    /** Nobody. */
    EngineMeter NONE = new EngineMeter() {};

    /** A pod as the API server has it, from the watch. */
    default void seen(Pod pod) {}

    /** The API server has the pod no more. */
    default void gone(Pod pod) {}

    /** A new pod; perhaps again. */
    default void accepted(Pod pod) {}

    /**
     * One pass of a pod's worker.
     *
     * @param operation create, update, sync or kill
     */
    default void worked(String operation, long nanos) {}

    /** Work in the background that has come to its end, whatever that was. */
    default void acted(PodKey pod, String action, Instant begun, Instant ended) {}

    /** A status as it goes out. */
    default void reported(PodReport report) {}

    /** Something that happened to a pod. */
    default void happened(PodEvent event) {}
}
