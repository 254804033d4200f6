package dev.burstlet.engine.status;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.engine.plan.InstanceMemory;
import dev.burstlet.engine.plan.InstanceMemory.PostStart;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.PodPlan;
import dev.burstlet.engine.plan.ResizePlan;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.engine.plan.Situation;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of each container of a pod, as a kubelet tells it. */
final class ContainerStatuses {
    private static final int UNKNOWN_EXIT_CODE = 137;

    private final Situation situation;
    private final PodMemory memory;
    private final String scheme;
    private final boolean podEnded;
    private final boolean recursiveReadOnly;

    /**
     * @param scheme of container ids
     * @param podEnded nothing of the pod runs or will run again
     * @param recursiveReadOnly whether mounts can be
     */
    ContainerStatuses(
            Situation situation,
            PodMemory memory,
            String scheme,
            boolean podEnded,
            boolean recursiveReadOnly) {
        this.recursiveReadOnly = recursiveReadOnly;
        this.situation = situation;
        this.memory = memory;
        this.scheme = scheme;
        this.podEnded = podEnded;
    }

    ContainerStatus of(Member member) {
        List<dev.burstlet.container.ContainerStatus> instances =
                situation.observed().instances(member.name());
        @Nullable ContainerStatus previous = situation.previous(member).orElse(null);
        ContainerStatus status =
                instances.isEmpty()
                        ? absent(member, previous)
                        : present(member, instances, previous);
        if (member.kind() == ContainerKind.EPHEMERAL) {
            // Nobody waits for its start.
            status.setStarted(null);
        }
        return status;
    }

    private ContainerStatus present(
            Member member,
            List<dev.burstlet.container.ContainerStatus> instances,
            @Nullable ContainerStatus previous) {
        dev.burstlet.container.ContainerStatus newest = instances.getFirst();
        ContainerState lastState = lastState(instances, newest, previous);
        ContainerStatusBuilder status =
                base(member, newest.attempt())
                        .withImage(
                                newest.image().isEmpty()
                                        ? member.spec().getImage()
                                        : newest.image())
                        .withImageID(newest.imageRef())
                        .withContainerID(id(newest))
                        .withLastState(lastState);
        InstanceMemory instance = memory.instance(newest.id());
        switch (newest.state()) {
            case State.Created() -> waiting(status, member);
            case State.Running running -> {
                // It may be seen to run before the call that starts it has come back.
                boolean starting =
                        instance.postStart() == PostStart.PENDING
                                || memory.busy("start/" + member.name());
                if (starting && member.postStart() != null) {
                    waiting(status, member);
                } else {
                    running(status, member, newest, running);
                }
            }
            case State.Exited exited -> ended(status, member, newest, exited);
        }
        boolean pending = ResizePlan.pending(situation, memory, member.name());
        Details.add(
                status,
                member,
                newest,
                pending && previous != null ? previous.getResources() : null,
                recursiveReadOnly);
        return status.build();
    }

    private void running(
            ContainerStatusBuilder status,
            Member member,
            dev.burstlet.container.ContainerStatus newest,
            State.Running running) {
        boolean probed = member.kind() == ContainerKind.APP || member.sidecar();
        boolean started = !probed || situation.health(newest.id()).started();
        status.withStarted(started)
                .withReady(probed && started && situation.health(newest.id()).ready())
                .withState(
                        new ContainerStateBuilder()
                                .withNewRunning()
                                .withStartedAt(Times.seconds(running.startedAt()))
                                .endRunning()
                                .build());
    }

    private void ended(
            ContainerStatusBuilder status,
            Member member,
            dev.burstlet.container.ContainerStatus newest,
            State.Exited exited) {
        ContainerState terminated = terminated(newest, exited);
        @Nullable Setback setback = memory.container(member.name()).setback();
        boolean again = PodPlan.restarts(situation, memory, member);
        if (again && setback != null) {
            status.withLastState(terminated);
            waiting(status, member);
            return;
        }
        status.withState(terminated)
                .withReady(
                        member.kind() == ContainerKind.INIT
                                && !member.sidecar()
                                && exited.exitCode() == 0);
    }

    /** A container of which there is nothing on the engine. */
    private ContainerStatus absent(Member member, @Nullable ContainerStatus previous) {
        if (previous != null && existed(previous)) {
            return vanished(member, previous);
        }
        int count =
                previous == null || previous.getRestartCount() == null
                        ? 0
                        : previous.getRestartCount();
        ContainerStatusBuilder status =
                base(member, count)
                        .withImage(member.spec().getImage())
                        .withImageID("")
                        .withLastState(
                                previous == null || previous.getLastState() == null
                                        ? new ContainerState()
                                        : previous.getLastState());
        waiting(status, member);
        Details.addMounts(status, member, recursiveReadOnly);
        if (podEnded && initialized() && member.kind() != ContainerKind.EPHEMERAL) {
            status.withState(
                    unknown("The container could not be located when the pod was terminated"));
        }
        return status.build();
    }

    private static boolean existed(ContainerStatus previous) {
        return previous.getContainerID() != null && !previous.getContainerID().isEmpty();
    }

    /** The API server knows an instance that is no more. */
    private ContainerStatus vanished(Member member, ContainerStatus previous) {
        ContainerState state = previous.getState();
        boolean terminated = state != null && state.getTerminated() != null;
        ContainerState end =
                terminated
                        ? state
                        : unknown(
                                "The container could not be located when the pod was deleted."
                                        + "  The container used to be Running");
        ContainerStatusBuilder status =
                new ContainerStatusBuilder(previous).withReady(false).withStarted(false);
        if (terminated && !PodPlan.restarts(situation, memory, member)) {
            return status.withReady(Boolean.TRUE.equals(previous.getReady())).build();
        }
        if (podEnded || memory.ending() != null) {
            return status.withState(end).build();
        }
        status.withLastState(end);
        waiting(status, member);
        return status.build();
    }

    private ContainerStatusBuilder base(Member member, int restartCount) {
        return new ContainerStatusBuilder()
                .withName(member.name())
                .withRestartCount(restartCount)
                .withReady(false)
                .withStarted(false);
    }

    private void waiting(ContainerStatusBuilder status, Member member) {
        @Nullable Setback setback = memory.container(member.name()).setback();
        boolean hasInits = !situation.members(ContainerKind.INIT).isEmpty();
        String reason =
                setback != null
                        ? setback.reason()
                        : hasInits && !situation.initialized()
                                ? "PodInitializing"
                                : "ContainerCreating";
        status.withReady(false)
                .withStarted(false)
                .withState(
                        new ContainerStateBuilder()
                                .withNewWaiting()
                                .withReason(reason)
                                .withMessage(setback == null ? null : setback.message())
                                .endWaiting()
                                .build());
    }

    private ContainerState lastState(
            List<dev.burstlet.container.ContainerStatus> instances,
            dev.burstlet.container.ContainerStatus newest,
            @Nullable ContainerStatus previous) {
        for (dev.burstlet.container.ContainerStatus older :
                instances.subList(1, instances.size())) {
            if (older.state() instanceof State.Exited exited) {
                return terminated(older, exited);
            }
        }
        if (previous == null || newest.attempt() == 0) {
            return new ContainerState();
        }
        if (id(newest).equals(previous.getContainerID())) {
            return previous.getLastState() == null ? new ContainerState() : previous.getLastState();
        }
        boolean terminated =
                previous.getState() != null && previous.getState().getTerminated() != null;
        return terminated
                ? previous.getState()
                : previous.getLastState() == null ? new ContainerState() : previous.getLastState();
    }

    private ContainerState terminated(
            dev.burstlet.container.ContainerStatus container, State.Exited exited) {
        String message = message(container, exited);
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exited.exitCode())
                .withSignal(exited.signal() == 0 ? null : exited.signal())
                .withReason(exited.reason().isEmpty() ? null : exited.reason())
                .withMessage(message.isEmpty() ? null : message)
                .withStartedAt(Times.seconds(exited.startedAt()))
                .withFinishedAt(Times.seconds(exited.finishedAt()))
                .withContainerID(id(container))
                .endTerminated()
                .build();
    }

    private String message(dev.burstlet.container.ContainerStatus container, State.Exited exited) {
        @Nullable String left = memory.instance(container.id()).terminationMessage();
        String said = left == null ? "" : left;
        return exited.message().isEmpty()
                ? said
                : said.isEmpty() ? exited.message() : exited.message() + ": " + said;
    }

    private static ContainerState unknown(String message) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(UNKNOWN_EXIT_CODE)
                .withReason("ContainerStatusUnknown")
                .withMessage(message)
                .endTerminated()
                .build();
    }

    /** Whether the pod came so far that its main containers should have run. */
    private boolean initialized() {
        return situation.members(ContainerKind.INIT).stream()
                .allMatch(m ->
                        situation
                                .observed()
                                .newest(m.name())
                                .map(c -> m.sidecar() || succeeded(c))
                                .orElse(false));
    }

    private static boolean succeeded(dev.burstlet.container.ContainerStatus container) {
        return container.state() instanceof State.Exited exited && exited.exitCode() == 0;
    }

    private String id(dev.burstlet.container.ContainerStatus container) {
        return scheme + "://" + container.id();
    }
}
