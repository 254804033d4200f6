package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeAllocatableResourceClaimStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodResourceClaimStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusMergeTest {
    private static PodStatusBuilder status(String phase) {
        return new PodStatusBuilder().withPhase(phase);
    }

    private static PodStatusBuilder condition(
            PodStatusBuilder status, String type, String value, String since) {
        return status.addNewCondition()
                .withType(type)
                .withStatus(value)
                .withLastTransitionTime(since)
                .endCondition();
    }

    private static ContainerStatus running(String name, int restarts) {
        return new ContainerStatusBuilder()
                .withName(name)
                .withRestartCount(restarts)
                .withNewState()
                .withNewRunning("2026-01-01T00:00:00Z")
                .endState()
                .build();
    }

    private static ContainerStatus ended(String name, int code) {
        return new ContainerStatusBuilder()
                .withName(name)
                .withRestartCount(0)
                .withNewState()
                .withNewTerminated()
                .withExitCode(code)
                .endTerminated()
                .endState()
                .build();
    }

    @Test
    void aTerminalPhaseStays() {
        PodStatus merged =
                StatusMerge.merge(
                        status("Failed")
                                .withReason("Evicted")
                                .addToContainerStatuses(ended("a", 1))
                                .build(),
                        status("Running").addToContainerStatuses(running("a", 5)).build());
        assertThat(merged.getPhase()).isEqualTo("Failed");
        assertThat(merged.getReason()).isEqualTo("Evicted");
        assertThat(merged.getContainerStatuses().getFirst().getState().getTerminated()).isNotNull();
    }

    @Test
    void aRestartCountNeverFalls() {
        PodStatus merged =
                StatusMerge.merge(
                        status("Running").addToContainerStatuses(running("a", 4)).build(),
                        status("Running").addToContainerStatuses(running("a", 1)).build());
        assertThat(merged.getContainerStatuses().getFirst().getRestartCount()).isEqualTo(4);
    }

    @Test
    void conditionsOfOthersStayAndOursKeepTheirTime() {
        PodStatusBuilder api = status("Running");
        condition(api, "PodScheduled", "True", "t1");
        condition(api, "example.com/gate", "True", "t1");
        condition(api, "Ready", "True", "t1");
        condition(api, "PodResizePending", "True", "t1");
        PodStatusBuilder told = status("Running");
        condition(told, "Ready", "True", "t2");
        condition(told, "ContainersReady", "True", "t2");
        condition(told, "PodScheduled", "True", "t2");
        assertThat(StatusMerge.merge(api.build(), told.build()).getConditions())
                .extracting(PodCondition::getType, PodCondition::getLastTransitionTime)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("PodScheduled", "t1"),
                        org.assertj.core.groups.Tuple.tuple("example.com/gate", "t1"),
                        org.assertj.core.groups.Tuple.tuple("Ready", "t1"),
                        org.assertj.core.groups.Tuple.tuple("ContainersReady", "t2"));
    }

    @Test
    void whatOthersWriteOfClaimsStays() {
        PodStatus api = status("Running").withNominatedNodeName("other").build();
        api.setNodeAllocatableResourceClaimStatuses(
                List.of(new NodeAllocatableResourceClaimStatus()));
        api.setResourceClaimStatuses(List.of(new PodResourceClaimStatus()));

        PodStatus merged = StatusMerge.merge(api, status("Running").build());

        assertThat(merged).isEqualTo(api);
    }

    @Test
    void startTimeAndQosClassStayAndTheGenerationRises() {
        PodStatus merged =
                StatusMerge.merge(
                        status("Running")
                                .withStartTime("t1")
                                .withQosClass("Burstable")
                                .withObservedGeneration(3L)
                                .build(),
                        status("Running").withStartTime("t2").withObservedGeneration(2L).build());
        assertThat(merged.getStartTime()).isEqualTo("t1");
        assertThat(merged.getQosClass()).isEqualTo("Burstable");
        assertThat(merged.getObservedGeneration()).isEqualTo(3);
    }

    @Test
    void aPodOfWhichNothingIsLeftHasEnded() {
        Pod pod =
                new PodBuilder()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("a")
                        .endContainer()
                        .addNewContainer()
                        .withName("b")
                        .endContainer()
                        .endSpec()
                        .build();
        PodStatus told = status("Running").addToContainerStatuses(ended("a", 0)).build();
        PodStatus over = StatusMerge.ended(told, pod, Instant.EPOCH);
        assertThat(over.getPhase()).isEqualTo("Failed");
        assertThat(over.getContainerStatuses())
                .extracting(status -> status.getState().getTerminated().getReason())
                .containsExactly(null, "ContainerStatusUnknown");
    }

    @Test
    void containersOfAPodThatEndedBeforeItsInitContainersWereNeverThere() {
        Pod pod =
                new PodBuilder()
                        .withNewSpec()
                        .addNewInitContainer()
                        .withName("init")
                        .endInitContainer()
                        .addNewContainer()
                        .withName("a")
                        .endContainer()
                        .endSpec()
                        .build();
        PodStatus told =
                status("Pending")
                        .addToInitContainerStatuses(ended("init", 1))
                        .addNewContainerStatus()
                        .withName("a")
                        .withNewState()
                        .withNewWaiting()
                        .withReason("PodInitializing")
                        .endWaiting()
                        .endState()
                        .endContainerStatus()
                        .build();
        PodStatus over = StatusMerge.ended(told, pod, Instant.EPOCH);
        assertThat(over.getPhase()).isEqualTo("Failed");
        assertThat(over.getContainerStatuses())
                .extracting(status -> status.getState().getWaiting().getReason())
                .containsExactly("PodInitializing");
    }

    @Test
    void whatIsToldOfADeletedPodIsOfItsNewestGeneration() {
        Pod pod = new PodBuilder().withNewMetadata().withGeneration(2L).endMetadata().build();
        PodStatus told =
                status("Running")
                        .withObservedGeneration(1L)
                        .withConditions(
                                new PodConditionBuilder()
                                        .withType("Ready")
                                        .withObservedGeneration(1L)
                                        .build(),
                                new PodConditionBuilder().withType("example.com/theirs").build())
                        .build();
        PodStatus ending = StatusMerge.ending(told, pod);
        assertThat(ending.getObservedGeneration()).isEqualTo(2);
        assertThat(ending.getConditions())
                .extracting(PodCondition::getObservedGeneration)
                .containsExactly(2L, null);
    }
}
