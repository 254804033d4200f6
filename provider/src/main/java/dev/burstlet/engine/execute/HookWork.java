package dev.burstlet.engine.execute;

import dev.burstlet.engine.hook.HookException;
import dev.burstlet.engine.hook.HookRunner;
import dev.burstlet.engine.hook.HookTarget;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.InstanceMemory.PostStart;
import dev.burstlet.engine.plan.Killing;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The hooks of containers. */
final class HookWork {
    /** postStart has no limit but the pod's life; some end there must be. */
    private static final Duration POST_START_LIMIT = Duration.ofDays(1);

    private final HookRunner hooks;

    HookWork(HookRunner hooks) {
        this.hooks = hooks;
    }

    UnaryOperator<PodMemory> postStart(Action.RunPostStart action, Job job)
            throws InterruptedException {
        Member member = job.member(action.name());
        @Nullable LifecycleHandler handler = member.postStart();
        try {
            if (handler != null) {
                HookTarget target = target(action.containerId(), action.sandboxId(), member, job);
                hooks.run(handler, target, POST_START_LIMIT);
            }
            return memory ->
                    memory.instance(action.containerId(), i -> i.postStart(PostStart.DONE));
        } catch (HookException | BackendException e) {
            String message = String.valueOf(e.getMessage());
            job.warning(
                    member.fieldPath(), "FailedPostStartHook", "PostStartHook failed: " + message);
            @Nullable Setback earlier = job.memory().container(member.name()).setback();
            Setback setback = job.setback(earlier, "PostStartHookError", message);
            return memory ->
                    memory.instance(action.containerId(), i -> i.postStart(PostStart.FAILED))
                            .container(member.name(), c -> c.setBack(setback));
        }
    }

    UnaryOperator<PodMemory> preStop(Action.RunPreStop action, Job job) {
        UnaryOperator<PodMemory> done =
                memory ->
                        memory.instance(
                                action.containerId(), i -> i.killing(preStopped(i.killing())));
        @Nullable Member member = job.situation().member(action.name()).orElse(null);
        @Nullable LifecycleHandler handler = member == null ? null : member.preStop();
        if (member == null || handler == null) {
            return done;
        }
        try {
            HookTarget target = target(action.containerId(), action.sandboxId(), member, job);
            hooks.run(handler, target, action.timeout());
        } catch (HookException e) {
            warnOfPreStop(member, e, job);
        } catch (BackendException e) {
            warnOfPreStop(member, e, job);
            if (e.reason() == Reason.UNAVAILABLE) {
                // The signal could not be sent either: both are tried again.
                return memory ->
                        memory.instance(
                                action.containerId(), i -> i.killing(job.again(i.killing())));
            }
        } catch (InterruptedException e) {
            // Its time is over; the container gets its signal.
            Thread.currentThread().interrupt();
        }
        return done;
    }

    private static void warnOfPreStop(Member member, Exception failure, Job job) {
        job.warning(
                member.fieldPath(),
                "FailedPreStopHook",
                "PreStopHook failed: " + failure.getMessage());
    }

    private static @Nullable Killing preStopped(@Nullable Killing killing) {
        return killing == null ? null : killing.preStopped();
    }

    private static HookTarget target(String containerId, String sandboxId, Member member, Job job) {
        String ip = job.podIps().isEmpty() ? "" : job.podIps().getFirst();
        return new HookTarget(job.key(), containerId, sandboxId, ip, member.spec());
    }
}
