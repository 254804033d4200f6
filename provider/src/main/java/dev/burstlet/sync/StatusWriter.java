package dev.burstlet.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.StrategicPatch;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one pod's status: the newest at the moment there is room for a call, and only what differs
 * from what the API server has. A pod that is to be deleted and is gone from its host is first said
 * to have ended, then deleted.
 */
final class StatusWriter {
    /** A pod that starts at once is spared the write that says it is about to. */
    private static final Duration FIRST = Duration.ofMillis(100);

    /** A deleted object may stay, for its finalizers. */
    private static final Duration DELETE_AGAIN = Duration.ofSeconds(30);

    private final NodePods node;
    private final PodState state;
    private Instant deleted = Instant.EPOCH;

    StatusWriter(NodePods node, PodState state) {
        this.node = node;
        this.state = state;
    }

    @Nullable Duration step() throws InterruptedException {
        PodState.Known known = state.now();
        if (!node.active().getAsBoolean()
                || known.gone()
                || known.pod() == null
                || known.report() == null
                || known.isAdopted()) {
            return null;
        }
        Duration wait = untilFirst(known, known.pod(), known.report());
        if (wait.isPositive()) {
            return wait;
        }
        try {
            boolean over = node.cluster().call(Cluster.Budget.STATUS, this::write);
            Instant now = node.cluster().clock().instant();
            if (over && now.isAfter(deleted.plus(DELETE_AGAIN))) {
                node.records().delete(state.key());
                deleted = now;
            }
        } catch (KubernetesClientException e) {
            if (!PodRecords.meansGone(e)) {
                throw e;
            }
            state.gone();
        }
        return null;
    }

    private static Duration untilFirst(PodState.Known known, Pod pod, PodReport report) {
        boolean starting =
                report.stage() == PodReport.Stage.ACTIVE
                        && "Pending".equals(report.status().getPhase())
                        && (pod.getStatus() == null || pod.getStatus().getStartTime() == null)
                        && !known.isDeleting();
        return starting
                ? FIRST.minusNanos(System.nanoTime() - known.reportedNanos())
                : Duration.ZERO;
    }

    /** Writes what differs; whether the object is to be deleted now. */
    private boolean write() {
        PodState.Known now = state.now();
        Pod pod = Objects.requireNonNull(now.pod());
        PodReport report = Objects.requireNonNull(now.report());
        PodStatus api = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        PodStatus wanted = StatusMerge.merge(api, report.status());
        boolean over = now.isDeleting() && now.isRemoved();
        if (over) {
            wanted = StatusMerge.ended(wanted, pod, node.cluster().clock().instant());
        }
        if (wanted.equals(api)) {
            return over;
        }
        if (now.isDeleting()) {
            wanted = StatusMerge.ending(wanted, pod);
        }
        ObjectNode changes = StrategicPatch.between(api, wanted);
        if (!changes.isEmpty()) {
            state.written(wanted, node.records().patchStatus(state.key(), changes));
        }
        return over;
    }
}
