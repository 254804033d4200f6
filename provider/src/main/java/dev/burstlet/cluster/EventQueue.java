package dev.burstlet.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on their way to the API server: best effort, 50 a second with bursts of 100 as the
 * kubelet's, equal ones counted up in one object; fewer while pods wait for the API server. What
 * does not fit or is refused is dropped and counted; nobody ever waits for an event.
 */
public final class EventQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);
    private static final int CAPACITY = 5_000;
    private static final int BURST = 100;
    private static final Duration INTERVAL = Duration.ofMillis(20);

    /** Between two events while pods wait for the API server. */
    private static final Duration GIVING_WAY = Duration.ofMillis(250);

    /** A node's events are a kubelet's, by whose name tools and tests select them. */
    private static final String COMPONENT = "kubelet";

    private final Cluster cluster;
    private final BlockingQueue<Occurrence> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final EventCorrelator correlator = new EventCorrelator();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final Thread sender;

    public EventQueue(Cluster cluster) {
        this.cluster = cluster;
        this.sender = Thread.ofVirtual().name("events").start(this::send);
    }

    /**
     * Something that happened.
     *
     * @param about the object, with fieldPath where it is about a part of it
     * @param type Normal or Warning
     * @param node the node it happened on
     */
    public record Occurrence(
            ObjectReference about,
            String type,
            String reason,
            String message,
            String node,
            Instant time) {}

    /** Takes an event, or drops it when too many wait. */
    public void add(Occurrence occurrence) {
        if (!queue.offer(occurrence)) {
            dropped.incrementAndGet();
        }
    }

    /** How many events were dropped since the start. */
    public long dropped() {
        return dropped.get();
    }

    /** How many events wait to be sent. */
    public int waiting() {
        return queue.size();
    }

    /** How many events the API server took since the start. */
    public long sent() {
        return sent.get();
    }

    @Override
    public void close() {
        sender.interrupt();
    }

    private void send() {
        double tokens = BURST;
        long last = System.nanoTime();
        try {
            while (true) {
                Occurrence next = queue.take();
                long now = System.nanoTime();
                tokens = Math.min(BURST, tokens + (now - last) / (double) INTERVAL.toNanos());
                last = now;
                if (tokens < 1) {
                    Thread.sleep(INTERVAL);
                    tokens += 1;
                    last = System.nanoTime();
                }
                tokens -= 1;
                if (cluster.isBusy()) {
                    Thread.sleep(GIVING_WAY);
                }
                record(next);
            }
        } catch (InterruptedException e) {
            LOG.debug("Events end");
        }
    }

    private void record(Occurrence occurrence) throws InterruptedException {
        EventCorrelator.Verdict verdict = correlator.seen(occurrence);
        switch (verdict) {
            case EventCorrelator.Verdict.Drop() -> dropped.incrementAndGet();
            case EventCorrelator.Verdict.First(String name) -> create(occurrence, name, 1);
            case EventCorrelator.Verdict.Again(String name, int count) ->
                    countUp(occurrence, name, count);
        }
    }

    private void create(Occurrence occurrence, String name, int count) throws InterruptedException {
        Event event = event(occurrence, name, count);
        try {
            cluster.call(
                    Cluster.Budget.EVENT,
                    () -> {
                        cluster.api().post(path(occurrence), event);
                        return event;
                    });
            sent.incrementAndGet();
        } catch (KubernetesClientException e) {
            refused(occurrence, e);
        }
    }

    private void countUp(Occurrence occurrence, String name, int count)
            throws InterruptedException {
        ObjectNode patch =
                StrategicPatch.object()
                        .put("count", count)
                        .put("lastTimestamp", timestamp(occurrence.time()))
                        .put("message", shortened(occurrence.message()));
        try {
            cluster.call(
                    Cluster.Budget.EVENT,
                    () -> cluster.api().patchVersion(path(occurrence) + "/" + name, patch));
            sent.incrementAndGet();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                create(occurrence, name, count);
            } else {
                refused(occurrence, e);
            }
        }
    }

    private void refused(Occurrence occurrence, KubernetesClientException cause) {
        dropped.incrementAndGet();
        LOG.debug(
                "Event {} of {} dropped: {}",
                occurrence.reason(),
                occurrence.about().getName(),
                cause.getMessage());
    }

    private static Event event(Occurrence occurrence, String name, int count) {
        String time = timestamp(occurrence.time());
        return new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace(occurrence))
                .endMetadata()
                .withInvolvedObject(occurrence.about())
                .withType(occurrence.type())
                .withReason(occurrence.reason())
                .withMessage(shortened(occurrence.message()))
                .withNewSource(COMPONENT, occurrence.node())
                .withReportingComponent(COMPONENT)
                .withReportingInstance(occurrence.node())
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(count)
                .build();
    }

    /** The API server takes up to 1,024 characters. */
    private static String shortened(String message) {
        return message.length() <= 1024 ? message : message.substring(0, 1021) + "...";
    }

    private static String path(Occurrence occurrence) {
        return "/api/v1/namespaces/" + namespace(occurrence) + "/events";
    }

    private static String namespace(Occurrence occurrence) {
        String namespace = occurrence.about().getNamespace();
        return namespace == null || namespace.isEmpty() ? "default" : namespace;
    }

    private static String timestamp(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
