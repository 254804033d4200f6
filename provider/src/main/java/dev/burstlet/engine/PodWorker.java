package dev.burstlet.engine;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.Ending;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.Observed;
import dev.burstlet.engine.plan.Plan;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.PodPlan;
import dev.burstlet.engine.plan.Situation;
import dev.burstlet.engine.status.PodStatuses;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import dev.burstlet.pod.Slim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after one pod: takes letters, looks at the engine where something changed, plans, begins
 * what was planned and tells the status. Nothing here blocks but the look at the engine; what takes
 * time goes on in the background and ends in a letter.
 */
final class PodWorker {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

    private final PodKey key;
    private final Pods pods;
    private final Mailbox<Letter> mailbox;
    private final Alarm alarm;
    private final Background background;
    private final PodHealth health;
    private final Limits limits;
    private final Admitted admitted = new Admitted();

    private final AtomicBoolean givesBack = new AtomicBoolean();
    private @Nullable Wanted wanted;
    private volatile @Nullable Observed observed;
    private PodMemory memory = PodMemory.EMPTY;
    private PodStatus previous = new PodStatus();
    private @Nullable Instant acceptedAt;
    private final NextLook nextLook = new NextLook();
    private volatile @Nullable HostedPod told;
    private volatile View view;

    /** What streams need to know of the pod; replaced as a whole. */
    record View(@Nullable Wanted wanted, Observed observed, PodStatus status) {}

    /**
     * @param observed what is known to be there, or null to look first
     */
    PodWorker(PodKey key, Pods pods, @Nullable Observed observed) {
        this.key = key;
        this.pods = pods;
        this.observed = observed;
        this.view = new View(null, observed == null ? Observed.NOTHING : observed, previous);
        this.mailbox = new Mailbox<>("pod " + key, this::measured);
        this.alarm = new Alarm(pods.clock(), () -> mailbox.post(new Letter.Rung()));
        this.background = new Background(pods, mailbox);
        this.health = new PodHealth(key, pods.probes());
        this.limits = new Limits(pods);
    }

    void post(Letter letter) {
        mailbox.post(letter);
    }

    /** The pod as told last; empty before the first time. */
    @Nullable HostedPod told() {
        return told;
    }

    @Nullable Observed observed() {
        return observed;
    }

    /** Whether the pod is to run on: neither ended nor being ended. */
    boolean active() {
        HostedPod pod = told;
        return pod != null && pod.report().stage() == Stage.ACTIVE;
    }

    /** Whether nothing of the pod runs any more, nor will. */
    boolean ended() {
        HostedPod pod = told;
        return pod != null
                && (pod.report().stage() == Stage.FINISHED
                        || pod.report().stage() == Stage.REMOVED);
    }

    /**
     * Has a pod that has ended give back what it left on the engine; says whether that is asked of
     * it for the first time.
     */
    boolean giveBack() {
        HostedPod pod = told;
        boolean finished = pod != null && pod.report().stage() == Stage.FINISHED;
        if (!finished || !givesBack.compareAndSet(false, true)) {
            return false;
        }
        post(new Letter.Unwanted());
        return true;
    }

    PodKey key() {
        return key;
    }

    View view() {
        return view;
    }

    /** Of a container, for events. */
    @Nullable String fieldPath(String container) {
        Wanted pod = view.wanted();
        return pod == null
                ? null
                : pod.members().stream()
                        .filter(m -> m.name().equals(container))
                        .findFirst()
                        .map(Member::fieldPath)
                        .orElse(null);
    }

    void close() {
        mailbox.close();
        alarm.set(null);
        background.close();
    }

    private void measured(List<Letter> letters) {
        pods.log().about(key);
        String operation = Letter.operation(letters, wanted == null);
        long begun = System.nanoTime();
        handle(letters);
        pods.meter().worked(operation, System.nanoTime() - begun);
    }

    private void handle(List<Letter> letters) {
        boolean repeat = false;
        for (Letter letter : letters) {
            switch (letter) {
                case Letter.Bundled bundled -> accept(Wanted.of(bundled.bundle(), wanted));
                case Letter.Deleted deleted -> delete(deleted.deletion());
                case Letter.Failed failed -> fail(failed);
                case Letter.EngineChanged() -> engineChanged();
                case Letter.Listed listed -> listed(listed.observed());
                case Letter.Done done -> done(done);
                case Letter.Rung() -> {}
                case Letter.Unwanted() -> memory = memory.unwanted();
                case Letter.Repeat() -> repeat = true;
            }
        }
        if (!look()) {
            alarm.set(nextLook.at());
            return;
        }
        try {
            step(repeat);
        } catch (RuntimeException e) {
            LOG.error("{}: defect, tried again later", key, e);
            alarm.set(pods.clock().instant().plus(pods.rules().retryLimit()));
        }
    }

    private void accept(Wanted next) {
        boolean first = wanted == null;
        wanted = next;
        if (first) {
            @Nullable PodStatus api = next.bundle().pod().getStatus();
            if (api != null) {
                previous = api;
            }
            acceptedAt = next.startTime(pods.clock().instant());
            if (api == null || api.getStartTime() == null) {
                admit(next.bundle().pod());
            }
        }
    }

    /** A pod that asks for what its host cannot give ends before anything of it starts. */
    private void admit(Pod pod) {
        @Nullable EngineInfo info = pods.host().info().orElse(null);
        if (info != null && AppArmor.isMissing(pod, info)) {
            Instant now = pods.clock().instant();
            pods.event(AppArmor.event(key, now));
            memory = memory.ending(new Ending(now, false, "", false, AppArmor.VERDICT));
        }
    }

    private void delete(Deletion deletion) {
        long seconds = deletion.gracePeriodSeconds();
        if (wanted == null) {
            // Its grace period is written on its containers.
            look();
        }
        Duration grace = seconds < 0 ? situation().grace() : Ending.grace(seconds);
        Instant deadline = pods.clock().instant().plus(grace);
        boolean remove = !deletion.keep();
        memory = memory.ending(new Ending(deadline, false, deletion.reason(), remove, null));
    }

    private void fail(Letter.Failed failed) {
        if (memory.ending() != null || memory.finished()) {
            return;
        }
        Instant now = pods.clock().instant();
        Duration grace = failed.grace() == null ? situation().grace() : failed.grace();
        String message = failed.message();
        Ending.Verdict verdict = new Ending.Verdict(failed.reason(), message, failed.disruption());
        memory = memory.ending(new Ending(now.plus(grace), false, "", false, verdict));
        pods.event(new PodEvent(key, PodEvent.Type.WARNING, failed.reason(), message, null, now));
    }

    private void engineChanged() {
        Instant now = pods.clock().instant();
        if (memory.inFlight().values().stream().anyMatch(f -> Background.brief(f.action()))) {
            nextLook.echoed(now);
        } else {
            nextLook.changed(now);
        }
    }

    private void listed(Observed seen) {
        if (observed == null) {
            observed = seen;
            nextLook.looked();
        } else if (!seen.equals(observed)) {
            // The list may be older than what we know: look for ourselves.
            nextLook.changed(pods.clock().instant());
        }
    }

    private void done(Letter.Done done) {
        memory = memory.done(done.key());
        if (done.change() != null) {
            memory = done.change().apply(memory);
        }
        if (done.changes() != null && !memory.removed()) {
            nextLook.worked(pods.clock().instant(), done.changes());
        }
    }

    /** Looks at the engine if it is time to; says whether what is known is good enough to plan. */
    private boolean look() {
        Instant now = pods.clock().instant();
        if (memory.removed() || (observed != null && !nextLook.due(now))) {
            return true;
        }
        if (nextLook.failing() && !nextLook.due(now)) {
            return false;
        }
        try {
            observed = pods.observer().observe(key, nextLook.scope(), observed);
            nextLook.looked();
            return true;
        } catch (BackendException e) {
            nextLook.retry(now.plus(pods.rules().retry(nextLook.failed())));
            LOG.debug("{} cannot be looked at: {}", key, e.getMessage());
            return false;
        }
    }

    private void step(boolean repeat) {
        Situation situation = situation();
        Plan plan = PodPlan.of(situation, memory);
        memory = plan.memory();
        background.begin(plan.actions(), situation, memory);
        if (memory.removed()) {
            // Before it is told: who hears of it finds the pod gone.
            health.end();
            pods.removed(key);
        }
        tell(situation, repeat);
        if (memory.removed()) {
            close();
            return;
        }
        @Nullable Instant wake = plan.wakeAt();
        @Nullable Instant look = nextLook.at();
        alarm.set(wake == null || (look != null && look.isBefore(wake)) ? look : wake);
    }

    private Situation situation() {
        Observed seen = observed == null ? Observed.NOTHING : observed;
        Instant now = pods.clock().instant();
        Wanted pod = wanted;
        if (pod == null) {
            return new Situation(
                    key,
                    null,
                    0,
                    Member.ofLabels(seen),
                    seen,
                    Map.of(),
                    Map.of(),
                    previous,
                    now,
                    pods.rules(),
                    now);
        }
        Situation.@Nullable Held held = held(pod, now);
        Wanted given = admitted.of(pod, held != null, previous);
        return new Situation(
                key,
                given.bundle(),
                pod.contentRevision(),
                given.members(),
                seen,
                health.of(given.members(), seen, memory, previous, podIp(seen, pod)),
                limits.of(given),
                previous,
                acceptedAt == null ? now : acceptedAt,
                pods.rules(),
                now,
                held);
    }

    /** Why new requests have to wait; those of a pod that has ended are nobody's any more. */
    private Situation.@Nullable Held held(Wanted pod, Instant now) {
        if (memory.finished() || memory.removed() || Situation.ended(previous)) {
            pods.allocations().release(key.uid());
            return null;
        }
        Pod model = pod.bundle().pod();
        return pods.allocations().want(model, previous, pod.bundle().node().allocatable(), now);
    }

    private static String podIp(Observed observed, Wanted pod) {
        List<String> ips = observed.readySandbox().map(SandboxStatus::ips).orElse(List.of());
        List<String> hostIps = pod.bundle().node().hostIps();
        boolean hostNetwork = Boolean.TRUE.equals(pod.bundle().pod().getSpec().getHostNetwork());
        return !ips.isEmpty()
                ? ips.getFirst()
                : hostNetwork && !hostIps.isEmpty() ? hostIps.getFirst() : "";
    }

    /** Tells the status, once what ended containers have left is known. */
    private void tell(Situation situation, boolean repeat) {
        @Nullable HostedPod before = told;
        if (memory.busy(Action.ReadMessage.class) && before != null && !memory.removed()) {
            return;
        }
        Wanted pod = wanted;
        @Nullable EngineInfo info = pods.host().info().orElse(null);
        PodStatus now = PodStatuses.of(situation, memory, info, pod == null ? "" : pod.qosClass());
        // What is on its way out is not kept for long.
        boolean kept = memory.ending() == null;
        PodStatus status = now.equals(previous) ? previous : kept ? Slim.of(now) : now;
        if (pod != null) {
            for (ResizeEvents.Told event :
                    ResizeEvents.between(previous, status, pod.bundle().pod())) {
                pods.event(
                        new PodEvent(
                                key,
                                event.type(),
                                event.reason(),
                                event.message(),
                                null,
                                pods.clock().instant()));
            }
        }
        previous = status;
        view = new View(pod, situation.observed(), status);
        long revision = pod == null ? 0 : pod.bundle().revision();
        PodReport report = new PodReport(key, revision, status, stage());
        @Nullable Pod model = pod == null ? null : pod.bundle().pod();
        told = new HostedPod(key, model, report);
        if (repeat || before == null || !report.equals(before.report())) {
            pods.report(report);
        }
    }

    private Stage stage() {
        if (memory.removed()) {
            return Stage.REMOVED;
        }
        if (memory.finished()) {
            return Stage.FINISHED;
        }
        return memory.ending() == null ? Stage.ACTIVE : Stage.TERMINATING;
    }
}
