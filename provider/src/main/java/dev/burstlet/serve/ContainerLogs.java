package dev.burstlet.serve;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.RequestPath;
import dev.burstlet.serve.http.Service;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code GET /containerLogs/namespace/pod/container}. An error before the first byte is an error
 * status; one after it ends the connection without the body's end.
 */
final class ContainerLogs implements Service {
    private final NodeServices services;
    private final Targets targets;

    ContainerLogs(NodeServices services) {
        this.services = services;
        this.targets = new Targets(services);
    }

    @Override
    public void serve(Exchange exchange) throws Refusal, IOException, InterruptedException {
        RequestPath path = exchange.path();
        String container = path.segment(3);
        LogRequest request = LogOptions.of(exchange.query(), services.clock());
        Optional<Pod> pod = targets.find(path);
        if (pod.isEmpty()) {
            throw new Refusal(404, "pod \"" + path.segment(2) + "\" does not exist");
        }
        if (!Targets.declares(pod.get(), container)) {
            throw new Refusal(
                    404,
                    "container \"" + container + "\" not found in pod \"" + path.segment(2) + "\"");
        }
        try {
            services.lifecycle()
                    .streams()
                    .logs(PodKey.of(pod.get()), container, request, exchange.stream("text/plain"));
        } catch (BackendException e) {
            throw e.reason() == BackendException.Reason.NOT_FOUND
                    ? new Refusal(400, gone(pod.get(), container, e))
                    : Answers.refusal(e);
        }
    }

    /**
     * In the kubelet's words where the container is known and was removed, as after an eviction.
     */
    private static String gone(Pod pod, String container, BackendException e) {
        return Targets.containerId(pod, container)
                .map(id -> "unable to retrieve container logs for " + id)
                .orElseGet(() -> String.valueOf(e.getMessage()));
    }
}
