package dev.burstlet.app.compose;

import dev.burstlet.app.config.Cluster.Identity;
import dev.burstlet.app.config.Configuration;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.measure.EventMeters;
import dev.burstlet.app.measure.ProcessMeters;
import dev.burstlet.app.trace.SpanExport;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.EventQueue;
import dev.burstlet.node.NodeWatch;
import dev.burstlet.serve.ServerLoops;
import dev.burstlet.serve.auth.ClientAuthorities;
import dev.burstlet.serve.auth.ClusterAuthorities;
import dev.burstlet.serve.auth.FileAuthorities;
import dev.burstlet.sync.PodWatch;
import dev.burstlet.sync.ReferencedObjects;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes of a process share: one client, one set of watches, one event queue.
 *
 * @param flags of the command line
 */
record Shared(
        Configuration configuration,
        Map<String, String> flags,
        KubernetesClient client,
        Cluster cluster,
        String clusterUid,
        NodeWatch nodes,
        PodWatch pods,
        ReferencedObjects objects,
        EventQueue events,
        ServerLoops loops,
        ClientAuthorities clientAuthorities,
        PrometheusMeterRegistry registry,
        @Nullable SpanExport traces,
        InstantSource clock)
        implements AutoCloseable {
    private static final int SERVER_THREADS = 2;

    static Shared open(Configuration configuration, Map<String, String> flags, InstantSource clock)
            throws InterruptedException {
        if (configuration.cluster().identity() == Identity.NODE
                && configuration.nodes().size() > 1) {
            throw new ConfigurationException(
                    "cluster.identity: node is the identity of one node: run a process for each");
        }
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ProcessMeters.bindTo(registry);
        KubernetesClient client = Clients.connect(configuration.cluster().kubeconfig(), registry);
        String uid = ClusterIdentity.await(client);
        Cluster cluster = new Cluster(client, clock);
        boolean perNode = configuration.nodes().size() == 1;
        ReferencedObjects objects = new ReferencedObjects(cluster);
        objects.start();
        EventQueue events = new EventQueue(cluster);
        EventMeters.bindTo(registry, events);
        return new Shared(
                configuration,
                flags,
                client,
                cluster,
                uid,
                new NodeWatch(cluster, perNode),
                new PodWatch(cluster, perNode),
                objects,
                events,
                new ServerLoops(SERVER_THREADS),
                authorities(configuration, client, clock),
                registry,
                configuration.traces() == null
                        ? null
                        : new SpanExport(URI.create(configuration.traces())),
                clock);
    }

    private static ClientAuthorities authorities(
            Configuration configuration, KubernetesClient client, InstantSource clock) {
        String file = configuration.kubelet().clientCa();
        if (file == null) {
            return new ClusterAuthorities(client);
        }
        try {
            return new FileAuthorities(Path.of(file), clock);
        } catch (IOException e) {
            throw new ConfigurationException("kubelet.clientCa: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        pods.close();
        nodes.close();
        objects.close();
        events.close();
        loops.close();
        if (clientAuthorities instanceof ClusterAuthorities watched) {
            watched.close();
        }
        if (traces != null) {
            traces.close();
        }
        cluster.close();
        client.close();
    }
}
