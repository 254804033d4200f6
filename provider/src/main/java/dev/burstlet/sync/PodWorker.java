package dev.burstlet.sync;

import dev.burstlet.cluster.Backoff;
import dev.burstlet.cluster.Worker;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.sync.admission.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Looks after one pod, by its UID: one worker brings the wish to the host, one the status to the
 * API server. Neither waits for the other; each repeats until it succeeds.
 */
final class PodWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration REPEAT = Duration.ofSeconds(60);
    private static final Duration START_AGAIN = Duration.ofSeconds(5);

    /** How often it is seen whether those that make way for a pod have ended. */
    private static final Duration ROOM_AGAIN = Duration.ofMillis(500);

    private static final PodLifecycle.Failure PREEMPTED =
            new PodLifecycle.Failure(
                    "Preempting",
                    "Preempted in order to admit critical pod",
                    "Pod was preempted by Kubelet to accommodate a critical pod.");

    private static final long OWN_GRACE = -1;

    private final NodePods node;
    private final PodState state;
    private final Worker wish;
    private final Worker status;
    private @Nullable BundleMaker bundles;
    private volatile @Nullable PodBundle sent;
    private volatile boolean refused;
    private volatile boolean taken;

    /** It was on the host before this process asked for anything: its tokens are there too. */
    private volatile boolean found;

    PodWorker(NodePods node, PodKey key) {
        this.node = node;
        this.state = new PodState(key);
        StatusWriter writer = new StatusWriter(node, state);
        this.wish = new Worker(node.cluster().background(), backoff(), this::step, this::failed);
        this.status =
                new Worker(
                        node.cluster().background(),
                        backoff(),
                        () -> {
                            Duration again = writer.step();
                            if (state.now().gone()) {
                                wishAgain();
                            }
                            return again;
                        },
                        this::failed);
    }

    private static Backoff backoff() {
        return new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
    }

    PodState.Known known() {
        return state.now();
    }

    PodKey key() {
        return state.key();
    }

    /** The API server has this now. */
    void changed(Pod pod) {
        state.take(pod);
        node.admissions().changed(pod);
        poke();
    }

    /** The API server said that it has it no more. */
    void gone() {
        state.gone();
        wish.poke();
    }

    /** The host says this now. */
    void reported(PodReport report) {
        state.report(report);
        if (report.stage() == PodReport.Stage.FINISHED
                || report.stage() == PodReport.Stage.REMOVED) {
            node.admissions().release(key().uid());
        }
        status.poke();
        if (report.stage() == PodReport.Stage.REMOVED || (found && !keepsTokens())) {
            found = false;
            wish.poke();
        }
    }

    /** The host held this when it was asked; before anything is done about the pod. */
    void held(PodReport report) {
        state.reportIfNone(report);
    }

    /** Whether the host says that the pod has ended and the API server does not know it yet. */
    boolean hasNewEnd() {
        PodState.Known now = state.now();
        return now.pod() != null
                && now.report() != null
                && !StatusMerge.isTerminal(now.pod())
                && StatusMerge.isTerminal(now.report().status());
    }

    void poke() {
        wish.poke();
        status.poke();
    }

    /** What the host held when it was asked; a pod it should hold and does not is wanted again. */
    void swept(Set<String> held, long revisionBefore) {
        PodBundle last = sent;
        if (last != null && last.revision() <= revisionBefore && !held.contains(key().uid())) {
            sent = null;
        }
        poke();
    }

    @Override
    public void close() {
        wish.close();
        status.close();
        synchronized (this) {
            if (bundles != null) {
                bundles.close();
                bundles = null;
            }
        }
    }

    private void wishAgain() {
        wish.poke();
    }

    private @Nullable Duration step() throws InterruptedException {
        if (!node.active().getAsBoolean()) {
            return null;
        }
        PodState.Known now = state.now();
        Pod pod = now.pod();
        if (now.gone() || pod == null) {
            return endOrphan(now);
        }
        if (now.isDeleting()) {
            return end(now, pod);
        }
        if (StatusMerge.isTerminal(pod)) {
            return inTurn(() -> keepEnded(now, pod));
        }
        if (refused) {
            return null;
        }
        if (!taken && !admitted(pod)) {
            return refused ? null : ROOM_AGAIN;
        }
        taken = true;
        if (now.isRemoved() && sent != null) {
            sent = null;
            return START_AGAIN;
        }
        return inTurn(() -> send(pod));
    }

    @FunctionalInterface
    private interface Bundling {
        @Nullable Duration run() throws InterruptedException;
    }

    private @Nullable Duration inTurn(Bundling work) throws InterruptedException {
        node.turns().acquire();
        try {
            return work.run();
        } finally {
            node.turns().release();
        }
    }

    /** A pod that the API server does not have: confirmed first, by a read past every cache. */
    private @Nullable Duration endOrphan(PodState.Known now) throws InterruptedException {
        if (now.isRemoved()) {
            node.ended().accept(key());
            return null;
        }
        Pod there = node.records().read(key());
        if (there != null && node.node().equals(there.getSpec().getNodeName())) {
            state.revive(there);
            poke();
            return null;
        }
        if (there != null) {
            LOG.warn("Pod {} is of node {}", key(), there.getSpec().getNodeName());
            return REPEAT;
        }
        node.host().deletePod(key(), new Deletion(grace(now.pod()), ""));
        return REPEAT;
    }

    private @Nullable Duration end(PodState.Known now, Pod pod) throws InterruptedException {
        if (now.isRemoved()) {
            return null;
        }
        PodReport report = now.report();
        if (sent == null && report != null && report.revision() == 0 && !refused) {
            // Found by its labels: the host does not know its hooks.
            PodBundle bundle = bundle(pod);
            node.host().updatePod(bundle);
            sent = bundle;
        }
        node.host().deletePod(key(), new Deletion(grace(pod), ""));
        return REPEAT;
    }

    private static long grace(@Nullable Pod pod) {
        if (pod == null || pod.getMetadata().getDeletionGracePeriodSeconds() == null) {
            return OWN_GRACE;
        }
        return pod.getMetadata().getDeletionGracePeriodSeconds();
    }

    /** A pod that has ended by what the API server says: what is left of it stays for its logs. */
    private @Nullable Duration keepEnded(PodState.Known now, Pod pod) throws InterruptedException {
        node.admissions().release(key().uid());
        PodReport report = now.report();
        if (report == null || now.isRemoved() || refused) {
            return null;
        }
        PodBundle last = sent;
        if (last == null) {
            last = bundle(pod);
            node.host().updatePod(last);
            sent = last;
        } else if (report.revision() >= last.revision()
                && report.stage() == PodReport.Stage.ACTIVE
                && !StatusMerge.isTerminal(report.status())) {
            node.host().deletePod(key(), new Deletion(OWN_GRACE, "", true));
            return REPEAT;
        }
        return null;
    }

    private boolean admitted(Pod pod) {
        return switch (node.admissions().admit(pod)) {
            case Verdict.Admitted() -> true;
            case Verdict.Preempts(List<PodKey> victims) -> {
                victims.forEach(victim -> node.host().failPod(victim, PREEMPTED));
                yield false;
            }
            case Verdict.Rejected(String reason, String message) -> {
                refuse(pod, "Failed", reason, message);
                yield false;
            }
            case Verdict.Held(String reason, String message) -> {
                refuse(pod, "Pending", reason, message);
                yield false;
            }
        };
    }

    private void refuse(Pod pod, String phase, String reason, String message) {
        refused = true;
        node.warn(key(), reason, message);
        Instant now = node.cluster().clock().instant();
        PodStatus before = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        boolean failed = phase.equals("Failed");
        PodStatus told =
                new PodStatusBuilder()
                        .withPhase(phase)
                        .withReason(reason)
                        .withMessage((failed ? "Pod was rejected: " : "") + message)
                        .withQosClass(before.getQosClass())
                        .withObservedGeneration(pod.getMetadata().getGeneration())
                        .withStartTime(
                                failed ? now.truncatedTo(ChronoUnit.SECONDS).toString() : null)
                        .build();
        state.report(new PodReport(key(), 0, told, PodReport.Stage.FINISHED));
        status.poke();
    }

    private @Nullable Duration send(Pod pod) throws InterruptedException {
        PodBundle next = bundle(pod);
        PodBundle last = sent;
        try {
            if (last == null) {
                node.host().createPod(next);
                sent = next;
            } else if (BundleMaker.differ(last, next)) {
                node.host().updatePod(next);
                sent = next;
            }
        } catch (BackendException e) {
            if (e.reason().retriable() || last != null) {
                throw e;
            }
            node.admissions().release(key().uid());
            refuse(pod, "Failed", "UnexpectedAdmissionError", String.valueOf(e.getMessage()));
            return null;
        }
        BundleMaker maker = bundles;
        return maker == null ? null : maker.again();
    }

    private PodBundle bundle(Pod pod) throws InterruptedException {
        BundleMaker maker;
        synchronized (this) {
            maker = bundles;
            if (maker == null) {
                found = state.now().report() != null;
                maker =
                        new BundleMaker(
                                node.objects(),
                                new PodTokens(
                                        node.cluster(),
                                        key(),
                                        pod.getSpec().getServiceAccountName(),
                                        node.objects().tokenTurns(),
                                        this::keepsTokens),
                                wish::poke);
                bundles = maker;
            }
        }
        return maker.make(node.revisions().incrementAndGet(), pod, node.context().get());
    }

    /** What runs has been given its volumes; a sandbox that is made anew needs them again. */
    private boolean keepsTokens() {
        PodReport report = state.now().report();
        return found
                && report != null
                && Stream.of(
                                report.status().getContainerStatuses(),
                                report.status().getInitContainerStatuses())
                        .flatMap(List::stream)
                        .anyMatch(c -> c.getState() != null && c.getState().getRunning() != null);
    }

    private void failed(Exception error, Duration pause) {
        MDC.put("node", node.node());
        MDC.put("pod", key().namespace() + "/" + key().name());
        MDC.put("uid", key().uid());
        LOG.warn("Pod {}, again in {} ms: {}", key(), pause.toMillis(), error.getMessage());
        LOG.debug("Pod {}", key(), error);
        if (error instanceof BackendException) {
            node.warn(key(), "FailedSync", "error syncing pod: " + error.getMessage());
        }
    }
}
