package dev.burstlet.sync;

import dev.burstlet.sync.admission.Admission;
import dev.burstlet.sync.admission.TakenPods;
import dev.burstlet.sync.admission.Verdict;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.function.Supplier;

/** The pods that one node has taken and that have not ended, and the word on each new one. */
final class Admissions {
    private final Admission admission;
    private final Supplier<Optional<Node>> node;
    private final TakenPods taken = new TakenPods();

    Admissions(Admission admission, Supplier<Optional<Node>> node) {
        this.admission = admission;
        this.node = node;
    }

    /** Decides once; a pod that was taken stays so. */
    synchronized Verdict admit(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (taken.contains(uid)) {
            taken.put(pod);
            return new Verdict.Admitted();
        }
        Node now =
                node.get()
                        .orElseThrow(() -> new IllegalStateException("the node is not known yet"));
        Verdict verdict = admission.decide(pod, now, taken);
        if (verdict instanceof Verdict.Admitted) {
            taken.put(pod);
        }
        return verdict;
    }

    /** A pod that was taken may have been resized. */
    synchronized void changed(Pod pod) {
        if (taken.contains(pod.getMetadata().getUid())) {
            taken.put(pod);
        }
    }

    /** A pod that was taken before this process started. */
    synchronized void restore(Pod pod) {
        taken.put(pod);
    }

    /** A pod that has ended, or is gone. */
    synchronized void release(String uid) {
        taken.remove(uid);
    }
}
