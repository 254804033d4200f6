package dev.burstlet.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one collection of the API, or those of them that a field selector takes. They come
 * without their managedFields.
 *
 * @param path of the collection, such as {@code /api/v1/pods}
 * @param fieldSelector empty for all
 */
public record ApiList<T extends HasMetadata>(
        Cluster cluster,
        String path,
        String fieldSelector,
        Class<T> type,
        Class<? extends KubernetesResourceList<T>> listType)
        implements Reflector.Source<T> {
    @Override
    public KubernetesResourceList<T> list(ListOptions options) {
        return cluster.api().list(path + query(options), listType);
    }

    @Override
    public Watch watch(ListOptions options, Watcher<T> watcher) {
        return watch(options, watcher, walk -> walk.read(type));
    }

    /** Follows the collection, its objects read in a way of their own. */
    public Watch watch(ListOptions options, Watcher<T> watcher, Reading<T> reading) {
        return cluster.api().watch(path + query(options) + "&watch=true", reading, watcher);
    }

    private String query(ListOptions options) {
        StringJoiner query = new StringJoiner("&", "?", "");
        if (!fieldSelector.isEmpty()) {
            add(query, "fieldSelector", fieldSelector);
        }
        add(query, "limit", options.getLimit());
        add(query, "continue", options.getContinue());
        add(query, "resourceVersion", options.getResourceVersion());
        add(query, "allowWatchBookmarks", options.getAllowWatchBookmarks());
        add(query, "timeoutSeconds", options.getTimeoutSeconds());
        return query.toString();
    }

    private static void add(StringJoiner query, String name, @Nullable Object value) {
        if (value != null) {
            query.add(
                    name + "=" + URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8));
        }
    }
}
