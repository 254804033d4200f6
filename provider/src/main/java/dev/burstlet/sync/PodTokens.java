package dev.burstlet.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bound tokens of one pod: asked for when first needed, and again at 80 % of their life or
 * after 24 h, less some jitter. A token that cannot be renewed is kept while it is valid. Those of
 * a pod that was found running, whose host has them, are asked for when it is their turn. Used by
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
    private final TokenTurns turns;
    private final BooleanSupplier kept;
    private final Map<TokenSpec, Issued> issued = new HashMap<>();
    private final Map<TokenSpec, Instant> waiting = new HashMap<>();

    /**
     * Makes the tokens of one pod.
     *
     * @param kept whether the pod runs with tokens that an earlier process has asked for
     */
    PodTokens(
            Cluster cluster,
            PodKey pod,
            @Nullable String serviceAccount,
            TokenTurns turns,
            BooleanSupplier kept) {
        this.cluster = cluster;
        this.turns = turns;
        this.kept = kept;
        this.pod = pod;
        this.serviceAccount =
                serviceAccount == null || serviceAccount.isEmpty() ? "default" : serviceAccount;
    }

    private record Issued(String token, Instant renewal, Instant expiry) {}

    /** The tokens now, by what was asked for; without those that the host is to keep for now. */
    Map<TokenSpec, Reference<String>> get(Set<TokenSpec> specs) throws InterruptedException {
        Map<TokenSpec, Reference<String>> all = new HashMap<>();
        for (TokenSpec spec : specs) {
            if (!waits(spec)) {
                all.put(spec, get(spec));
            }
        }
        issued.keySet().retainAll(specs);
        waiting.keySet().retainAll(specs);
        return all;
    }

    /** Until the next token is to be renewed, or null without any. */
    @Nullable Duration untilRenewal() {
        Instant now = cluster.clock().instant();
        Stream<Duration> turn = waiting.values().stream().map(at -> Duration.between(now, at));
        Stream<Duration> renewals =
                issued.values().stream()
                        .map(token -> Duration.between(now, token.renewal()))
                        .map(wait -> wait.compareTo(RETRY) < 0 ? RETRY : wait);
        return Stream.concat(turn, renewals)
                .min(Duration::compareTo)
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .orElse(null);
    }

    private boolean waits(TokenSpec spec) {
        if (issued.containsKey(spec) || !kept.getAsBoolean()) {
            waiting.remove(spec);
            return false;
        }
        Instant turn =
                waiting.computeIfAbsent(spec, asked -> turns.take(asked.expirationSeconds()));
        if (cluster.clock().instant().isBefore(turn)) {
            return true;
        }
        waiting.remove(spec);
        return false;
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
            return new Reference.Unreadable<>(String.valueOf(e.getMessage()));
        }
    }

    private TokenRequest request(TokenSpec spec) throws InterruptedException {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ObjectNode asked = request.putObject("spec");
        ArrayNode audiences = asked.putArray("audiences");
        spec.audiences().forEach(audiences::add);
        asked.put("expirationSeconds", spec.expirationSeconds());
        asked.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", pod.name())
                .put("uid", pod.uid());
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
