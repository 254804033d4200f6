package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Resources;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import org.jspecify.annotations.Nullable;

/**
 * New limits for a container that runs (Kubernetes: resize CPU and memory resources assigned to
 * containers): in place, or by a restart where its resizePolicy asks for one.
 */
public final class ResizePlan {
    private final Draft draft;
    private final Situation situation;

    ResizePlan(Draft draft) {
        this.draft = draft;
        this.situation = draft.situation;
    }

    /** Gives new limits in place where it may; says whether a restart is needed instead. */
    boolean needsRestart(Member member, ContainerStatus running) {
        if (member.kind() != ContainerKind.APP && !member.sidecar()) {
            return false;
        }
        @Nullable Resources wanted = situation.limits().get(member.name());
        @Nullable Resources given = draft.memory().instance(running.id()).resized();
        if (wanted == null) {
            return false;
        }
        boolean cpu = cpu(situation, member, wanted, given);
        boolean memory = memory(situation, member, wanted, given);
        if (!cpu && !memory) {
            return false;
        }
        if ((cpu && restarts(member, "cpu")) || (memory && restarts(member, "memory"))) {
            return true;
        }
        resize(member, running);
        return false;
    }

    private void resize(Member member, ContainerStatus running) {
        @Nullable Setback failure = draft.memory().instance(running.id()).resizeFailure();
        if (failure != null && failure.holds(situation.now(), situation.revision())) {
            draft.wakeAt(failure.retryAt());
            return;
        }
        draft.begin(new Action.Resize(running.id(), member.name(), running.attempt()));
    }

    private static boolean restarts(Member member, String resource) {
        return member.spec().getResizePolicy().stream()
                .filter(p -> resource.equals(p.getResourceName()))
                .map(ContainerResizePolicy::getRestartPolicy)
                .anyMatch("RestartContainer"::equals);
    }

    /** Whether a running container has other limits than it is to have. */
    public static boolean pending(Situation situation, PodMemory memory, String name) {
        @Nullable Resources wanted = situation.limits().get(name);
        @Nullable Member member = situation.member(name).orElse(null);
        @Nullable ContainerStatus running = running(situation, name);
        if (wanted == null || member == null || running == null) {
            return false;
        }
        @Nullable Resources given = memory.instance(running.id()).resized();
        return cpu(situation, member, wanted, given) || memory(situation, member, wanted, given);
    }

    /** Whether a running container is to have a lower memory limit than it has, or its first. */
    public static boolean lowersMemory(Situation situation, PodMemory memory, String name) {
        @Nullable Resources wanted = situation.limits().get(name);
        @Nullable Member member = situation.member(name).orElse(null);
        @Nullable ContainerStatus running = running(situation, name);
        if (wanted == null || wanted.memoryBytes() <= 0 || member == null || running == null) {
            return false;
        }
        @Nullable Resources given = memory.instance(running.id()).resized();
        long limit =
                given == null ? GivenResources.memoryLimit(situation, member) : given.memoryBytes();
        return limit <= 0 || wanted.memoryBytes() < limit;
    }

    private static @Nullable ContainerStatus running(Situation situation, String name) {
        return situation.observed().newest(name).filter(ContainerStatus::running).orElse(null);
    }

    private static boolean cpu(
            Situation situation, Member member, Resources wanted, @Nullable Resources given) {
        return given == null
                ? GivenResources.differs(situation, member, "cpu")
                : wanted.cpuShares() != given.cpuShares()
                        || wanted.cpuQuotaMicros() != given.cpuQuotaMicros();
    }

    private static boolean memory(
            Situation situation, Member member, Resources wanted, @Nullable Resources given) {
        return given == null
                ? GivenResources.differs(situation, member, "memory")
                : wanted.memoryBytes() != given.memoryBytes();
    }
}
