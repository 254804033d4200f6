package dev.burstlet.serve.auth;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's own client authorities, which every cluster publishes in
 * kube-system/extension-apiserver-authentication. Looked up by a thread of its own; until it is
 * found, nobody's certificate is believed.
 */
public final class ClusterAuthorities implements ClientAuthorities, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterAuthorities.class);
    private static final Duration FOUND = Duration.ofMinutes(1);
    private static final Duration NOT_FOUND = Duration.ofSeconds(5);
    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "extension-apiserver-authentication";
    private static final String KEY = "client-ca-file";

    private final KubernetesClient client;
    private final Thread thread;
    private boolean forbidden;
    private volatile List<X509Certificate> authorities = List.of();

    public ClusterAuthorities(KubernetesClient client) {
        this.client = client;
        this.thread = Thread.ofVirtual().name("client authorities").start(this::follow);
    }

    @Override
    public List<X509Certificate> current() {
        return authorities;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void follow() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(authorities.isEmpty() && !forbidden ? NOT_FOUND : FOUND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            ConfigMap map = client.configMaps().inNamespace(NAMESPACE).withName(NAME).get();
            String pem = map == null || map.getData() == null ? null : map.getData().get(KEY);
            if (pem != null) {
                authorities = Certificates.parse(pem);
            } else {
                LOG.warn("{}/{} has no {}", NAMESPACE, NAME, KEY);
            }
        } catch (KubernetesClientException e) {
            refused(e);
        } catch (IOException e) {
            LOG.warn("cannot read {}/{}: {}", NAMESPACE, NAME, e.getMessage());
        }
    }

    /** A node's own identity may not read it: said once, as it will not change by itself. */
    private void refused(KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
            LOG.warn("cannot read {}/{}: {}", NAMESPACE, NAME, e.getMessage());
        } else if (!forbidden) {
            forbidden = true;
            LOG.warn(
                    "{}/{} may not be read: no client certificate is believed until kubelet.clientCa names a file",
                    NAMESPACE,
                    NAME);
        }
    }
}
