package dev.burstlet.cluster.http;

import io.fabric8.kubernetes.client.http.HttpClient.ProxyType;
import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one API server: a bounded number for calls, and one for each watch. A peer
 * that is gone without a word is found out by the kernel within a minute.
 *
 * @param calls for what is answered at once
 * @param streams for what goes on until either side ends it
 */
record Connections(CloseableHttpClient calls, CloseableHttpClient streams) {
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int KEEP_ALIVE_PROBE_SECONDS = 10;
    private static final int KEEP_ALIVE_PROBES = 3;

    /** Shorter than API servers keep a connection that nothing is asked on. */
    private static final int IDLE_SECONDS = 45;

    static Connections of(Transport.Builder made, boolean anyHostname) {
        return new Connections(
                client(made, anyHostname, Transport.CONNECTIONS),
                client(made, anyHostname, Integer.MAX_VALUE));
    }

    void close() {
        calls.close(CloseMode.IMMEDIATE);
        streams.close(CloseMode.IMMEDIATE);
    }

    private static CloseableHttpClient client(
            Transport.Builder made, boolean anyHostname, int most) {
        PoolingHttpClientConnectionManager manager = manager(made, anyHostname, most);
        @Nullable InetSocketAddress proxy = made.getProxyAddress();
        if (proxy == null || made.getProxyType() != ProxyType.HTTP) {
            // What else a client can do is paid for in every call.
            return HttpClients.createMinimal(manager);
        }
        HttpClientBuilder builder =
                HttpClients.custom()
                        .setConnectionManager(manager)
                        .setProxy(new HttpHost(proxy.getHostString(), proxy.getPort()))
                        .disableAutomaticRetries()
                        .disableRedirectHandling()
                        .disableCookieManagement()
                        .disableContentCompression()
                        .disableAuthCaching()
                        .disableConnectionState()
                        .disableDefaultUserAgent();
        credentials(proxy, made.getProxyAuthorization(), builder);
        return builder.build();
    }

    private static void credentials(
            InetSocketAddress proxy, @Nullable String authorization, HttpClientBuilder builder) {
        String @Nullable [] parts =
                authorization == null
                        ? null
                        : HttpClientUtils.decodeBasicCredentials(authorization);
        if (parts != null && parts.length == 2) {
            BasicCredentialsProvider known = new BasicCredentialsProvider();
            known.setCredentials(
                    new AuthScope(proxy.getHostString(), proxy.getPort()),
                    new UsernamePasswordCredentials(parts[0], parts[1].toCharArray()));
            builder.setDefaultCredentialsProvider(known);
        }
    }

    private static PoolingHttpClientConnectionManager manager(
            Transport.Builder made, boolean anyHostname, int most) {
        ConnectionConfig.Builder connection =
                ConnectionConfig.custom()
                        .setIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                        .setValidateAfterInactivity(2, TimeUnit.SECONDS);
        if (made.getConnectTimeout() != null) {
            connection.setConnectTimeout(
                    made.getConnectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        }
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(most)
                .setMaxConnTotal(most)
                .setDefaultConnectionConfig(connection.build())
                .setDefaultSocketConfig(socket(made))
                .setTlsSocketStrategy(tls(made, anyHostname))
                .build();
    }

    private static SocketConfig socket(Transport.Builder made) {
        SocketConfig.Builder socket =
                SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .setTcpKeepIdle(KEEP_ALIVE_SECONDS)
                        .setTcpKeepInterval(KEEP_ALIVE_PROBE_SECONDS)
                        .setTcpKeepCount(KEEP_ALIVE_PROBES);
        if (made.getProxyAddress() != null && made.getProxyType() != ProxyType.HTTP) {
            socket.setSocksProxyAddress(made.getProxyAddress());
        }
        return socket.build();
    }

    private static ServerIdentity tls(Transport.Builder made, boolean anyHostname) {
        SSLContext context = made.getSslContext();
        if (context == null) {
            context = SSLUtils.sslContext(made.getKeyManagers(), made.getTrustManagers());
        }
        @Nullable HostnameVerifier verifier = anyHostname ? (_, _) -> true : null;
        TlsVersion @Nullable [] versions = made.getTlsVersions();
        return new ServerIdentity(
                context,
                versions == null
                        ? null
                        : Arrays.stream(versions).map(TlsVersion::javaName).toArray(String[]::new),
                made.getTlsServerName(),
                verifier);
    }
}
