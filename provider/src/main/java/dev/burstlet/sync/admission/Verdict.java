package dev.burstlet.sync.admission;

import dev.burstlet.pod.PodKey;
import java.util.List;

/** What a node says to a pod that is bound to it. */
public sealed interface Verdict {
    /** It runs here. */
    record Admitted() implements Verdict {}

    /** It ends Failed, with this reason; its controller makes another one. */
    record Rejected(String reason, String message) implements Verdict {}

    /** It is critical and runs here once these have made way. */
    record Preempts(List<PodKey> victims) implements Verdict {
        public Preempts {
            victims = List.copyOf(victims);
        }
    }

    /**
     * It stays Pending, with this reason: a DaemonSet's pod, which would be made again for this
     * very node, without end.
     */
    record Held(String reason, String message) implements Verdict {}
}
