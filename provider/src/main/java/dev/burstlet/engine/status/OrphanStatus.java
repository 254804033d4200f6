package dev.burstlet.engine.status;

import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.engine.plan.Situation;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be said of a pod that is known by the labels of its containers only. */
final class OrphanStatus {
    private OrphanStatus() {}

    static PodStatus of(Situation situation, String scheme) {
        Map<String, ContainerStatus> newest = new LinkedHashMap<>();
        boolean running = false;
        for (dev.burstlet.container.ContainerStatus c : situation.observed().containers()) {
            running |= c.running();
            newest.computeIfAbsent(c.name(), _ -> status(c, scheme));
        }
        return new PodStatusBuilder()
                .withPhase(running ? Phases.RUNNING : "Unknown")
                .withContainerStatuses(List.copyOf(newest.values()))
                .build();
    }

    private static ContainerStatus status(dev.burstlet.container.ContainerStatus c, String scheme) {
        return new ContainerStatusBuilder()
                .withName(c.name())
                .withImage(c.image())
                .withImageID(c.imageRef())
                .withContainerID(scheme + "://" + c.id())
                .withRestartCount(c.attempt())
                .withReady(false)
                .withState(state(c, scheme))
                .build();
    }

    private static ContainerState state(dev.burstlet.container.ContainerStatus c, String scheme) {
        return switch (c.state()) {
            case State.Created() ->
                    new ContainerStateBuilder()
                            .withNewWaiting()
                            .withReason("ContainerCreating")
                            .endWaiting()
                            .build();
            case State.Running running ->
                    new ContainerStateBuilder()
                            .withNewRunning()
                            .withStartedAt(Times.seconds(running.startedAt()))
                            .endRunning()
                            .build();
            case State.Exited exited ->
                    new ContainerStateBuilder()
                            .withNewTerminated()
                            .withExitCode(exited.exitCode())
                            .withReason(exited.reason())
                            .withStartedAt(Times.seconds(exited.startedAt()))
                            .withFinishedAt(Times.seconds(exited.finishedAt()))
                            .withContainerID(scheme + "://" + c.id())
                            .endTerminated()
                            .build();
        };
    }
}
