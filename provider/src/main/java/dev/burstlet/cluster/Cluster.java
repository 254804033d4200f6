package dev.burstlet.cluster;

import dev.burstlet.cluster.http.Transport;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A cluster as one identity sees it: the client, how many of its calls may be under way at once,
 * the clock, and where work is done. Shared by all virtual nodes of that identity.
 */
public final class Cluster implements AutoCloseable {
    private final KubernetesClient client;
    private final InstantSource clock;
    private final Background background = new Background("cluster");
    private final Map<Budget, Semaphore> room = new EnumMap<>(Budget.class);
    private final ApiCalls api;

    public Cluster(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        this.api = new ApiCalls(client);
        for (Budget budget : Budget.values()) {
            room.put(budget, new Semaphore(budget.atOnce));
        }
    }

    /**
     * What a call is for. Each has room of its own, so that a thousand pods that start keep no
     * lease and no status waiting. Together they are no more than there are connections.
     */
    public enum Budget {
        /** A node and its lease: without them the cluster takes the node for dead. */
        NODE(8),
        /** What a pod has become, and that it is gone. */
        STATUS(20),
        /** What a pod needs before it starts, and lists. */
        POD(16),
        /** What is only told. */
        EVENT(2);

        private final int atOnce;

        Budget(int atOnce) {
            this.atOnce = atOnce;
        }
    }

    /**
     * A client that neither limits its rate nor repeats by itself (the callers do, and say why),
     * speaks plain HTTP for watches too, and blocks virtual threads only.
     */
    public static KubernetesClient connect(Config config) {
        return connect(config, _ -> {});
    }

    /** The same; the builder takes interceptors. */
    public static KubernetesClient connect(Config config, Consumer<HttpClient.Builder> further) {
        Config ours =
                new ConfigBuilder(ClientKey.readable(config))
                        .withRequestRetryBackoffLimit(0)
                        .withWatchReconnectLimit(0)
                        .withOnlyHttpWatches(true)
                        .withUserAgent("burstlet")
                        .build();
        return new KubernetesClientBuilder()
                .withConfig(ours)
                .withHttpClientFactory(new Transport())
                .withHttpClientBuilderConsumer(builder -> {
                    withoutRefresh(ours, builder);
                    further.accept(builder);
                })
                .build();
    }

    /**
     * Where nothing but a certificate speaks for us there is no token to refresh; the library would
     * look for one in the kubeconfig, parsing it anew, with every call from the second minute on.
     */
    private static void withoutRefresh(Config config, HttpClient.Builder builder) {
        boolean certificate =
                config.getClientCertData() != null || config.getClientCertFile() != null;
        boolean token =
                config.getOauthToken() != null
                        || config.getOauthTokenProvider() != null
                        || config.getAutoOAuthToken() != null
                        || config.getUsername() != null;
        if (certificate && !token) {
            builder.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, null);
        }
    }

    public KubernetesClient client() {
        return client;
    }

    /** The calls that every pod needs. */
    public ApiCalls api() {
        return api;
    }

    public InstantSource clock() {
        return clock;
    }

    public Background background() {
        return background;
    }

    /** Makes one call for a pod when there is room for it. Watches are not calls. */
    public <T> T call(Request<T> request) throws InterruptedException {
        return call(Budget.POD, request);
    }

    /** Makes one call when there is room for it. */
    public <T> T call(Budget budget, Request<T> request) throws InterruptedException {
        Semaphore calls = Objects.requireNonNull(room.get(budget));
        calls.acquire();
        try {
            return request.send();
        } finally {
            calls.release();
        }
    }

    /** Whether what pods need waits for room: what is less urgent should wait, too. */
    public boolean isBusy() {
        return room.values().stream().anyMatch(Semaphore::hasQueuedThreads);
    }

    /** One call of the API. */
    @FunctionalInterface
    public interface Request<T> {
        T send();
    }

    /** Ends all background work; the client stays its owner's. */
    @Override
    public void close() {
        background.close();
    }
}
