package dev.burstlet.serve;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** The pods bound to this node as the API server has them. Safe for many threads; never blocks. */
public interface PodDirectory {
    Optional<Pod> find(String namespace, String name);

    List<Pod> pods();
}
