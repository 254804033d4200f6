package dev.burstlet.sync;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** The pods of one node as they are known now, each with its newest status. */
public interface Directory {
    Optional<Pod> find(String namespace, String name);

    List<Pod> pods();
}
