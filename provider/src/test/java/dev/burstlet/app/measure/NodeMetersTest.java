package dev.burstlet.app.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node's meters carry the kubelet's names and the right values. */
class NodeMetersTest {
    private final NodeMeters meters = new NodeMeters("n1");

    @Test
    void theNodeSaysItsName() {
        assertThat(meters.text()).contains("kubelet_node_name{node=\"n1\"} 1.0\n");
    }

    @Test
    void callsOfTheEngineAreCountedWithTheirErrors() {
        ContainerEngine engine =
                (ContainerEngine)
                        Proxy.newProxyInstance(
                                ContainerEngine.class.getClassLoader(),
                                new Class<?>[] {ContainerEngine.class},
                                (_, method, _) -> {
                                    if (method.getName().equals("removeImage")) {
                                        throw new BackendException(
                                                BackendException.Reason.CONFLICT, "in use");
                                    }
                                    return method.getReturnType() == List.class ? List.of() : null;
                                });
        ContainerEngine measured = MeasuredEngine.of(engine, meters);
        assertThat(measured.listImages()).isEmpty();
        measured.startContainer("c");
        measured.startContainer("c");
        assertThatThrownBy(() -> measured.removeImage("i"))
                .isInstanceOf(BackendException.class)
                .hasMessage("in use");
        measured.close();
        assertThat(meters.text().lines())
                .contains(
                        "kubelet_runtime_operations_total{operation_type=\"start_container\"} 2.0",
                        "kubelet_runtime_operations_total{operation_type=\"remove_image\"} 1.0",
                        "kubelet_runtime_operations_errors_total{operation_type=\"remove_image\"}"
                                + " 1.0",
                        "kubelet_runtime_operations_errors_total{operation_type=\"list_images\"}"
                                + " 0.0",
                        "kubelet_runtime_operations_duration_seconds_count{operation_type="
                                + "\"start_container\"} 2")
                .noneMatch(line -> line.contains("\"close\""));
    }

    @ParameterizedTest
    @CsvSource({
        "runPodSandbox,run_podsandbox",
        "listPodSandboxes,list_podsandbox",
        "containerStatus,container_status",
        "info,version",
        "execSync,exec_sync"
    })
    void operationsHaveTheKubeletsNames(String method, String name) {
        assertThat(MeasuredEngine.name(method)).isEqualTo(name);
    }

    private static final PodKey KEY = new PodKey("ns", "web", "u1");
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private Instant now = CREATED.plusSeconds(1);

    @Test
    void aStartIsMeasuredInThreeWays() {
        PodStarts starts = new PodStarts(meters, () -> now);
        starts.accepted(pod(new PodStatus()));
        tell(starts, "Pulling", Duration.ofSeconds(1));
        tell(starts, "Pulled", Duration.ofSeconds(5));
        now = now.plusSeconds(2);
        starts.reported(report(running()));
        starts.accepted(pod(new PodStatus()));
        starts.reported(report(running()));
        assertThat(meters.text().lines())
                .contains(
                        "kubelet_pod_start_duration_seconds_count 1",
                        "kubelet_pod_start_duration_seconds_sum 8.0",
                        "kubelet_pod_start_total_duration_seconds_sum 9.0",
                        "kubelet_pod_start_sli_duration_seconds_sum 4.0",
                        "kubelet_pod_start_duration_seconds_bucket{le=\"8.0\"} 1");
    }

    @Test
    void whatRanBeforeIsNotMeasured() {
        PodStarts starts = new PodStarts(meters, () -> now);
        starts.accepted(pod(running()));
        starts.reported(report(running()));
        assertThat(meters.text()).doesNotContain("kubelet_pod_start_duration");
    }

    @Test
    void passesOfWorkersAreTimed() {
        meters.worked("sync", 2_000_000);
        assertThat(meters.text())
                .contains("kubelet_pod_worker_duration_seconds_count{operation_type=\"sync\"} 1");
    }

    @Test
    void nodesAreToldApartInOneText() {
        NodeTexts texts = new NodeTexts();
        texts.add("n1", meters.text());
        texts.add("n2", new NodeMeters("n2").text());
        String help = "# HELP kubelet_node_name";
        assertThat(texts.toString())
                .containsOnlyOnce(help)
                .contains("kubelet_node_name{node=\"n1\"} 1.0\n")
                .contains("kubelet_node_name{node=\"n2\"} 1.0\n");
        NodeTexts labelled = new NodeTexts();
        labelled.add("n1", "# HELP a b\n# TYPE a counter\na{x=\"1\"} 2\na 3\n");
        assertThat(labelled.toString())
                .isEqualTo(
                        "# HELP a b\n# TYPE a counter\na{node=\"n1\",x=\"1\"} 2\na{node=\"n1\"} 3\n");
    }

    private void tell(PodStarts starts, String reason, Duration later) {
        now = now.plus(later);
        starts.happened(new PodEvent(KEY, PodEvent.Type.NORMAL, reason, "", null, now));
    }

    private static PodReport report(PodStatus status) {
        return new PodReport(KEY, 1, status, PodReport.Stage.ACTIVE);
    }

    private static PodStatus running() {
        return new PodStatusBuilder()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName("main")
                .withContainerID("x://1")
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .build();
    }

    private static Pod pod(PodStatus status) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(KEY.namespace())
                .withName(KEY.name())
                .withUid(KEY.uid())
                .withCreationTimestamp(CREATED.toString())
                .endMetadata()
                .withStatus(status)
                .build();
    }
}
