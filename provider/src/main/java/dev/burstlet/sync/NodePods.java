package dev.burstlet.sync;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.EventQueue;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the workers of one node's pods share.
 *
 * @param active whether this process may act for the node: it keeps the node, has seen a complete
 *     list of its pods, and knows what the host holds
 * @param ended told of a pod of which nothing is left anywhere
 * @param revisions the last revision of a bundle
 * @param turns who makes a bundle and has the host told of it takes one: after a restart thousands
 *     of pods want to at the same moment, and whatever else there is to do would come after them
 */
record NodePods(
        String node,
        Cluster cluster,
        PodLifecycle host,
        PodRecords records,
        ReferencedObjects objects,
        Admissions admissions,
        EventQueue events,
        Supplier<NodeContext> context,
        BooleanSupplier active,
        Consumer<PodKey> ended,
        AtomicLong revisions,
        Semaphore turns) {
    /** Enough for bundles that wait for API calls, few enough for statuses to come between. */
    static final int BUNDLES_AT_ONCE = 64;

    void event(PodEvent event) {
        events.add(
                new EventQueue.Occurrence(
                        new ObjectReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("Pod")
                                .withNamespace(event.key().namespace())
                                .withName(event.key().name())
                                .withUid(event.key().uid())
                                .withFieldPath(event.fieldPath())
                                .build(),
                        event.type() == PodEvent.Type.NORMAL ? "Normal" : "Warning",
                        event.reason(),
                        event.message(),
                        node,
                        event.time()));
    }

    void warn(PodKey key, String reason, String message) {
        event(
                new PodEvent(
                        key,
                        PodEvent.Type.WARNING,
                        reason,
                        message,
                        null,
                        cluster.clock().instant()));
    }
}
