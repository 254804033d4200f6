package dev.burstlet.cluster.http;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import org.jspecify.annotations.Nullable;

/**
 * Makes the HTTP clients of Kubernetes clients: HTTP/1.1 on kept connections, each call on a
 * virtual thread. That costs this process and the API server less for each call than streams of an
 * HTTP/2 connection do. WebSockets are refused: watches are plain HTTP.
 */
public final class Transport implements HttpClient.Factory {
    /** Connections for calls to one API server; more calls at once wait for one. */
    public static final int CONNECTIONS = 48;

    private boolean anyHostname;

    @Override
    public Builder newBuilder(Config config) {
        anyHostname = config.isTrustCerts() || config.isDisableHostnameVerification();
        Builder builder = newBuilder();
        HttpClientUtils.applyCommonConfiguration(config, builder, this);
        return builder;
    }

    @Override
    public Builder newBuilder() {
        return new Builder(this);
    }

    /**
     * Gathers what a client is made of; one that is derived from another shares its connections.
     */
    public static final class Builder
            extends StandardHttpClientBuilder<CallingClient, Transport, Builder> {
        private final Transport transport;

        Builder(Transport transport) {
            super(transport);
            this.transport = transport;
        }

        @Override
        protected Builder newInstance(Transport factory) {
            return new Builder(factory);
        }

        @Override
        public CallingClient build() {
            @Nullable CallingClient base = client;
            if (base != null) {
                return new CallingClient(this, base.connections(), base.getClosed());
            }
            return new CallingClient(this, Connections.of(this, transport.anyHostname), null);
        }
    }
}
