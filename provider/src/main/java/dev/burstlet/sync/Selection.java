package dev.burstlet.sync;

import dev.burstlet.cluster.Reflector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.util.List;
import java.util.function.Supplier;

/** The API calls for the objects that one filtered request selects, without their managedFields. */
record Selection<T extends HasMetadata, L extends KubernetesResourceList<T>>(
        Supplier<? extends FilterWatchListDeletable<T, L, ?>> selected)
        implements Reflector.Source<T> {
    @Override
    public KubernetesResourceList<T> list(ListOptions options) {
        return selected.get().list(options);
    }

    @Override
    public Watch watch(ListOptions options, Watcher<T> watcher) {
        return selected.get().watch(options, watcher);
    }

    @Override
    public T slim(T fresh) {
        fresh.getMetadata().setManagedFields(List.of());
        return fresh;
    }
}
