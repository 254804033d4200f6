package dev.burstlet.sync;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The bound tokens of one pod: asked for when first needed, and again at 80 % of their life or
 * after 24 h, less some jitter. A token that cannot be renewed is kept while it is valid. Used by
 * one thread at a time.
 */
final class PodTokens {
    private static final double RENEW_AT = 0.8;
    private static final double JITTER = 0.05;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final PodKey pod;
    private final String serviceAccount;
    private final Map<TokenSpec, Issued> issued = new HashMap<>();

    PodTokens(Cluster cluster, PodKey pod, @Nullable String serviceAccount) {
        this.cluster = cluster;
        this.pod = pod;
        this.serviceAccount =
                serviceAccount == null || serviceAccount.isEmpty() ? "default" : serviceAccount;
    }

    private record Issued(String token, Instant renewal, Instant expiry) {}

    /** The tokens now, by what was asked for. */
    Map<TokenSpec, Reference<String>> get(Set<TokenSpec> specs) throws InterruptedException {
        Map<TokenSpec, Reference<String>> all = new HashMap<>();
        for (TokenSpec spec : specs) {
            all.put(spec, get(spec));
        }
        issued.keySet().retainAll(specs);
        return all;
    }

    /** Until the next token is to be renewed, or null without any. */
    @Nullable Duration untilRenewal() {
        Instant now = cluster.clock().instant();
        return issued.values().stream()
                .map(token -> Duration.between(now, token.renewal()))
                .min(Duration::compareTo)
                .map(wait -> wait.compareTo(RETRY) < 0 ? RETRY : wait)
                .orElse(null);
    }

    private Reference<String> get(TokenSpec spec) throws InterruptedException {
        Instant now = cluster.clock().instant();
        Issued known = issued.get(spec);
        if (known != null && now.isBefore(known.renewal())) {
            return new Reference.Present<>(known.token());
        }
        try {
            Issued fresh = issued(request(spec), now, spec.expirationSeconds());
            issued.put(spec, fresh);
            return new Reference.Present<>(fresh.token());
        } catch (KubernetesClientException e) {
            if (known != null && now.isBefore(known.expiry())) {
                return new Reference.Present<>(known.token());
            }
            return new Reference.Unreadable<>(
                    "failed to fetch token: " + String.valueOf(e.getMessage()));
        }
    }

    private TokenRequest request(TokenSpec spec) throws InterruptedException {
        TokenRequest request =
                new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(spec.audiences())
                        .withExpirationSeconds(spec.expirationSeconds())
                        .withNewBoundObjectRef()
                        .withApiVersion("v1")
                        .withKind("Pod")
                        .withName(pod.name())
                        .withUid(pod.uid())
                        .endBoundObjectRef()
                        .endSpec()
                        .build();
        String path =
                "/api/v1/namespaces/"
                        + pod.namespace()
                        + "/serviceaccounts/"
                        + serviceAccount
                        + "/token";
        return cluster.call(() -> cluster.api().post(path, request, TokenRequest.class));
    }

    private static Issued issued(TokenRequest answer, Instant now, long asked) {
        String expiration = answer.getStatus().getExpirationTimestamp();
        Instant expiry = expiration == null ? now.plusSeconds(asked) : Instant.parse(expiration);
        return new Issued(answer.getStatus().getToken(), renewal(now, expiry), expiry);
    }

    static Instant renewal(Instant now, Instant expiry) {
        Duration life = Duration.between(now, expiry);
        double share = RENEW_AT - ThreadLocalRandom.current().nextDouble(JITTER);
        Duration wait = Duration.ofMillis((long) (life.toMillis() * share));
        Duration longest =
                Duration.ofMillis((long) (LONGEST.toMillis() * (1 - (RENEW_AT - share))));
        return now.plus(wait.compareTo(longest) < 0 ? wait : longest);
    }
}
