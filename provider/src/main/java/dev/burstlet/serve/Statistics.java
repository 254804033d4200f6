package dev.burstlet.serve;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.ClaimNames;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.PodKey;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.metrics.CadvisorMetrics;
import dev.burstlet.serve.metrics.ProbeMetrics;
import dev.burstlet.serve.metrics.ResourceMetrics;
import dev.burstlet.serve.metrics.Summary;
import dev.burstlet.serve.metrics.VolumeMetrics;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Optional;

/** {@code /stats/summary} and everything below {@code /metrics}. */
final class Statistics {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final String nodeName;
    private final NodeServices services;

    Statistics(String nodeName, NodeServices services) {
        this.nodeName = nodeName;
        this.services = services;
    }

    void summary(Exchange exchange) throws Refusal {
        boolean lean = exchange.query().flag("only_cpu_and_memory");
        byte[] json = new Summary(nodeName, services.clock(), this::spec).json(stats(), lean);
        exchange.respond(200, "application/json", json);
    }

    void own(Exchange exchange) {
        exchange.respond(PROMETHEUS, services.metrics().get() + claims());
    }

    /** Looks at the host only where a pod has a claim at all. */
    private String claims() {
        boolean any =
                services.pods().pods().stream()
                        .anyMatch(pod ->
                                pod.getSpec().getVolumes().stream()
                                        .anyMatch(volume ->
                                                ClaimNames.of(pod.getMetadata().getName(), volume)
                                                        != null));
        try {
            return any ? VolumeMetrics.of(services.lifecycle().stats(), this::spec) : "";
        } catch (BackendException e) {
            // The node's own metrics must be had while its host is away.
            return "";
        }
    }

    void resource(Exchange exchange) {
        String text;
        try {
            text = ResourceMetrics.of(services.lifecycle().stats());
        } catch (BackendException e) {
            text = ResourceMetrics.failed();
        }
        exchange.respond(PROMETHEUS, text);
    }

    void cadvisor(Exchange exchange) throws Refusal {
        HostStats stats = stats();
        exchange.respond(
                PROMETHEUS,
                CadvisorMetrics.of(stats, host(), this::spec, services.clock().instant()));
    }

    void probes(Exchange exchange) {
        exchange.respond(PROMETHEUS, ProbeMetrics.of(services.probes()));
    }

    private Optional<PodSpec> spec(PodKey key) {
        return services.pods()
                .find(key.namespace(), key.name())
                .filter(pod -> PodKey.of(pod).equals(key))
                .map(Pod::getSpec);
    }

    private HostDescription host() throws Refusal {
        try {
            return services.lifecycle().describeHost();
        } catch (BackendException e) {
            throw Answers.refusal(e);
        }
    }

    private HostStats stats() throws Refusal {
        try {
            return services.lifecycle().stats();
        } catch (BackendException e) {
            throw Answers.refusal(e);
        }
    }
}
