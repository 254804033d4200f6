package dev.burstlet.app.compose;

import dev.burstlet.serve.PodDirectory;
import dev.burstlet.sync.Directory;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The node's pods for the kubelet API, which listens before they are known. */
final class LateDirectory implements PodDirectory {
    private volatile @Nullable Directory pods;

    void is(Directory directory) {
        pods = directory;
    }

    @Override
    public Optional<Pod> find(String namespace, String name) {
        Directory known = pods;
        return known == null ? Optional.empty() : known.find(namespace, name);
    }

    @Override
    public List<Pod> pods() {
        Directory known = pods;
        return known == null ? List.of() : known.pods();
    }
}
