package dev.burstlet.node;

import dev.burstlet.cluster.Backoff;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.Worker;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one node in kube-node-lease: tells the cluster that the node lives, and other
 * processes that this one keeps it. Every write carries the version it is based on, so of two
 * processes exactly one gets it.
 */
final class NodeLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final String NAMESPACE = "kube-node-lease";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final NodeSettings settings;
    private final Supplier<@Nullable String> nodeUid;
    private final NodeListener listener;
    private final Holder self;
    private final Worker worker;
    private @Nullable Lease last;
    private LeaseDecision.@Nullable Observation observation;
    private String waitingFor = "";
    private volatile boolean held;

    NodeLease(
            Cluster cluster,
            NodeSettings settings,
            Holder self,
            Supplier<@Nullable String> nodeUid,
            NodeListener listener) {
        this.cluster = cluster;
        this.settings = settings;
        this.self = self;
        this.nodeUid = nodeUid;
        this.listener = listener;
        this.worker =
                new Worker(
                        cluster.background(),
                        new Backoff(Duration.ofMillis(200), Duration.ofSeconds(7)),
                        this::step,
                        this::failed);
    }

    void start() {
        worker.poke();
    }

    /** Whether this process keeps the node. */
    boolean held() {
        return held;
    }

    /** Renews at once, with what has become known. */
    void poke() {
        worker.poke();
    }

    /** Lets another process take the node at once. */
    @Override
    public void close() {
        worker.close();
        Lease mine = last;
        if (held && mine != null) {
            held = false;
            try {
                Lease free = new LeaseBuilder(mine).build();
                free.getMetadata().getAnnotations().remove(LeaseDecision.HOLDER);
                cluster.client().leases().inNamespace(NAMESPACE).resource(free).update();
            } catch (KubernetesClientException e) {
                LOG.debug("The lease of node {} stays until it expires", settings.name(), e);
            }
        }
    }

    private Duration step() throws InterruptedException {
        Lease current = held ? last : read();
        if (current == null) {
            write(null);
            return settings.timing().renew();
        }
        LeaseDecision decision =
                LeaseDecision.of(
                        current,
                        self,
                        observe(current),
                        settings.timing().lease(),
                        cluster.clock().instant());
        return switch (decision) {
            case LeaseDecision.Take() -> {
                write(current);
                yield settings.timing().renew();
            }
            case LeaseDecision.Wait(String holder) -> {
                waitFor(holder);
                yield LOOK_AGAIN;
            }
        };
    }

    private void waitFor(String holder) {
        if (!holder.equals(waitingFor)) {
            waitingFor = holder;
            LOG.warn(
                    "Node {} is kept by another Burstlet, {}: waiting until that ends",
                    settings.name(),
                    holder);
            listener.waiting(holder);
        }
    }

    private LeaseDecision.Observation observe(Lease lease) {
        ZonedDateTime renewal = lease.getSpec().getRenewTime();
        LeaseDecision.Observation known = observation;
        if (known == null || !Objects.equals(known.renewal(), renewal)) {
            known = new LeaseDecision.Observation(renewal, cluster.clock().instant());
            observation = known;
        }
        return known;
    }

    private @Nullable Lease read() throws InterruptedException {
        return cluster.<@Nullable Lease>call(() ->
                cluster.client().leases().inNamespace(NAMESPACE).withName(settings.name()).get());
    }

    private void write(@Nullable Lease current) throws InterruptedException {
        Lease next = next(current);
        try {
            last =
                    cluster.call(
                            Cluster.Budget.NODE,
                            () -> {
                                var resource =
                                        cluster.client()
                                                .leases()
                                                .inNamespace(NAMESPACE)
                                                .resource(next);
                                return current == null ? resource.create() : resource.update();
                            });
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
                    || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                takenOrGone();
            }
            throw e;
        }
        if (!held) {
            held = true;
            waitingFor = "";
            listener.held();
        }
    }

    /** Someone else wrote or removed the lease: look who keeps the node now. */
    private void takenOrGone() throws InterruptedException {
        Lease now = read();
        last = now;
        if (!held || now == null) {
            held = held && now != null;
            return;
        }
        LeaseDecision decision =
                LeaseDecision.of(
                        now,
                        self,
                        observe(now),
                        settings.timing().lease(),
                        cluster.clock().instant());
        if (decision instanceof LeaseDecision.Wait(String holder)) {
            held = false;
            LOG.warn("Node {} was taken by another Burstlet, {}", settings.name(), holder);
            listener.lost(holder);
        }
    }

    private Lease next(@Nullable Lease current) {
        Instant now = cluster.clock().instant();
        LeaseBuilder builder =
                current == null
                        ? new LeaseBuilder()
                                .withNewMetadata()
                                .withNamespace(NAMESPACE)
                                .withName(settings.name())
                                .endMetadata()
                        : new LeaseBuilder(current);
        String uid = nodeUid.get();
        if (uid != null) {
            builder.editMetadata()
                    .withOwnerReferences(
                            new OwnerReferenceBuilder()
                                    .withApiVersion("v1")
                                    .withKind("Node")
                                    .withName(settings.name())
                                    .withUid(uid)
                                    .build())
                    .endMetadata();
        }
        return builder.editMetadata()
                .addToAnnotations(Map.of(LeaseDecision.HOLDER, self.format()))
                .endMetadata()
                .editOrNewSpec()
                .withHolderIdentity(settings.name())
                .withLeaseDurationSeconds((int) settings.timing().lease().toSeconds())
                .withRenewTime(ZonedDateTime.ofInstant(now, ZoneOffset.UTC))
                .endSpec()
                .build();
    }

    private void failed(Exception error, Duration pause) {
        LOG.warn(
                "Cannot renew the lease of node {}, again in {} ms: {}",
                settings.name(),
                pause.toMillis(),
                error.getMessage());
    }
}
