package dev.burstlet.serve;

import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.serve.auth.Authenticator;
import dev.burstlet.serve.auth.Authorizer;
import dev.burstlet.serve.auth.ClientAuthorities;
import dev.burstlet.serve.metrics.ProbeCounts;
import dev.burstlet.serve.tls.ServingCertificate;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a node's server stands on.
 *
 * @param authenticator who a client is; nobody is let in without it
 * @param clientAuthorities named to clients in the TLS handshake
 * @param meters where requests are counted
 * @param metrics what {@code /metrics} shows, in the Prometheus text format
 * @param configuration what {@code /configz} shows, without secrets
 * @param component what its z-pages show
 * @param syncLoop why the node's pods are not looked after, in words, or empty while they are
 */
public record NodeServices(
        PodDirectory pods,
        PodLifecycle lifecycle,
        Authenticator authenticator,
        Authorizer authorizer,
        ClientAuthorities clientAuthorities,
        ServingCertificate certificate,
        MeterRegistry meters,
        Supplier<String> metrics,
        ProbeCounts probes,
        Supplier<Map<String, Object>> configuration,
        Component component,
        Supplier<Optional<String>> syncLoop,
        InstantSource clock) {}
