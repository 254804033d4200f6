package dev.burstlet.serve;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodKey;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code /pods}: the pods bound to the node, with the newest status; {@code /runningpods}: what
 * runs on the host, whoever wants it, reduced to names and images.
 */
final class PodLists {
    private final NodeServices services;
    private final KubernetesSerialization json = new KubernetesSerialization();

    PodLists(NodeServices services) {
        this.services = services;
    }

    void pods(Exchange exchange) {
        answer(exchange, services.pods().pods().stream().map(this::withStatus).toList());
    }

    void running(Exchange exchange) throws Refusal {
        List<HostedPod> hosted;
        try {
            hosted = services.lifecycle().getPods();
        } catch (BackendException e) {
            throw Answers.refusal(e);
        }
        answer(
                exchange,
                hosted.stream()
                        .map(PodLists::runtimePod)
                        .filter(pod -> !pod.getSpec().getContainers().isEmpty())
                        .toList());
    }

    private void answer(Exchange exchange, List<Pod> pods) {
        String text =
                json.asJson(
                        new PodListBuilder()
                                .withNewMetadata()
                                .endMetadata()
                                .withItems(pods)
                                .build());
        exchange.respond(200, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    private Pod withStatus(Pod pod) {
        return services.lifecycle()
                .getPodStatus(PodKey.of(pod))
                .map(report -> new PodBuilder(pod).withStatus(report.status()).build())
                .orElse(pod);
    }

    private static Pod runtimePod(HostedPod hosted) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(hosted.key().namespace())
                .withName(hosted.key().name())
                .withUid(hosted.key().uid())
                .endMetadata()
                .withNewSpec()
                .withContainers(
                        Stream.of(
                                        hosted.report().status().getInitContainerStatuses(),
                                        hosted.report().status().getContainerStatuses(),
                                        hosted.report().status().getEphemeralContainerStatuses())
                                .flatMap(List::stream)
                                .filter(Targets::running)
                                .map(PodLists::container)
                                .toList())
                .endSpec()
                .withNewStatus()
                .endStatus()
                .build();
    }

    private static Container container(ContainerStatus status) {
        return new ContainerBuilder()
                .withName(status.getName())
                .withImage(status.getImage())
                .build();
    }
}
