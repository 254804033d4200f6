package dev.burstlet.engine.pressure;

import dev.burstlet.engine.pressure.Candidate.ContainerUse;
import dev.burstlet.engine.pressure.Pressure.Shortage;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order in which pods go, and what is said of it (Kubernetes: node-pressure eviction). */
public final class Ranking {
    private Ranking() {}

    /** Those that may go, the first to go at first. */
    public static List<Candidate> of(Signal signal, Collection<Candidate> pods) {
        return pods.stream().filter(pod -> !pod.critical()).sorted(order(signal)).toList();
    }

    /** Whether its use exceeds its requests, then priority, then by how much it does. */
    private static Comparator<Candidate> order(Signal signal) {
        Comparator<Candidate> priority = Comparator.comparingInt(Candidate::priority);
        Comparator<Candidate> most = Comparator.comparingLong(Candidate::excess).reversed();
        if (signal == Signal.PID_AVAILABLE) {
            return priority.thenComparing(Comparator.comparingLong(Candidate::usage).reversed());
        }
        // False sorts before true.
        Comparator<Candidate> unmeasured = Comparator.comparing(Candidate::known);
        Comparator<Candidate> exceeding = Comparator.comparing(pod -> !pod.exceeds());
        return unmeasured.thenComparing(exceeding).thenComparing(priority).thenComparing(most);
    }

    /** Why a pod was evicted, in the kubelet's words. */
    public static String message(Shortage shortage, Candidate pod) {
        String resource = shortage.signal().resource();
        StringBuilder text =
                new StringBuilder("The node was low on resource: ").append(resource).append(". ");
        text.append("Threshold quantity: ")
                .append(Amounts.shown(resource, shortage.limit()))
                .append(", available: ")
                .append(Amounts.shown(resource, shortage.available()))
                .append(". ");
        for (ContainerUse container : pod.containers()) {
            if (container.usage() > container.request()) {
                text.append(
                        "Container %s was using %s, request is %s, has larger consumption of %s. "
                                .formatted(
                                        container.name(),
                                        Amounts.shown(resource, container.usage()),
                                        Amounts.shown(resource, container.request()),
                                        resource));
            }
        }
        return text.toString();
    }
}
