package dev.burstlet.hyper.event;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.burstlet.container.Labels;
import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.proto.containerd.Envelope;
import dev.burstlet.hyper.proto.containerd.PublishRequest;
import dev.burstlet.hyper.proto.containerd.SubscribeRequest;
import dev.burstlet.hyper.proto.containerd.TaskExit;
import dev.burstlet.hyper.proto.containerd.TaskOOM;
import dev.burstlet.hyper.proto.containerd.TaskStart;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.PodSandboxState;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.grpc.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * containerd's own events of tasks, on the CRI's socket. containerd says nothing when a
 * subscription begins; so an event of ours is published until it comes back by the subscription.
 * What comes after that is not missed. A task's end is known to this stream before the CRI shows
 * it; so an exit is passed on once the CRI shows it too, or a moment later where it never does.
 */
final class TaskEvents implements EventSource {
    private static final Logger LOG = LoggerFactory.getLogger(TaskEvents.class);
    private static final String OURS = "/burstlet/subscribed";
    private static final Duration ECHO_STEP = Duration.ofMillis(20);
    private static final Duration SETTLING = Duration.ofSeconds(3);

    /**
     * A task that starts was started by our own call most likely, which tells of it itself: looking
     * meanwhile would only be in its way.
     */
    private static final Duration STARTING = Duration.ofMillis(300);

    private static final Duration SETTLING_STEP = Duration.ofMillis(10);
    private static final Duration LONGEST_STEP = Duration.ofMillis(160);
    private static final int REMEMBERED = 4096;

    private final CriConnection connection;
    private final Containers containers;
    private final Sandboxes sandboxes;
    private final Map<String, String> podOf = new ConcurrentHashMap<>();

    TaskEvents(CriConnection connection, Containers containers, Sandboxes sandboxes) {
        this.connection = connection;
        this.containers = containers;
        this.sandboxes = sandboxes;
    }

    @Override
    public String listen(Listener listener) throws InterruptedException {
        StreamEnd end = new StreamEnd();
        Echo echo = new Echo(ByteString.copyFromUtf8(UUID.randomUUID().toString()));
        Context.CancellableContext context = Context.current().withCancellation();
        try {
            context.run(() -> subscribe(end, echo, listener));
            awaitEcho(echo, end);
            if (end.ended()) {
                return end.cause();
            }
            listener.connected();
            end.await();
            return end.cause();
        } finally {
            context.cancel(null);
        }
    }

    private void subscribe(StreamEnd end, Echo echo, Listener listener) {
        connection
                .eventStream()
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .addFilters("namespace==k8s.io,topic~=\"^/tasks/\"")
                                .addFilters("namespace==k8s.io,topic==\"" + OURS + "\"")
                                .build(),
                        end.observer(envelope -> taken(envelope, echo, listener)));
    }

    /** Publishes our event until it is heard or the stream has ended. */
    private void awaitEcho(Echo echo, StreamEnd end) throws InterruptedException {
        PublishRequest ours =
                PublishRequest.newBuilder()
                        .setTopic(OURS)
                        .setEvent(
                                Any.newBuilder()
                                        .setTypeUrl("burstlet/subscribed")
                                        .setValue(echo.word()))
                        .build();
        long last = System.nanoTime() + connection.timeout().toNanos();
        do {
            var _ = connection.events("publish an event", stub -> stub.publish(ours));
            if (echo.heard().await(ECHO_STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } while (!end.ended() && System.nanoTime() < last);
        if (!end.ended()) {
            throw new BackendException(
                    Reason.TIMEOUT, "the runtime does not send the events that were asked for");
        }
    }

    private void taken(Envelope envelope, Echo echo, Listener listener) {
        Any event = envelope.getEvent();
        try {
            switch (envelope.getTopic()) {
                case OURS -> echo.take(event.getValue());
                case "/tasks/start" -> {
                    String id = TaskStart.parseFrom(event.getValue()).getContainerId();
                    later(listener, id, STARTING, () -> shownRunning(id));
                }
                case "/tasks/exit" -> {
                    TaskExit exit = TaskExit.parseFrom(event.getValue());
                    String id = exit.getContainerId();
                    if (exit.getId().equals(id)) {
                        later(listener, id, Duration.ZERO, () -> shownEnded(id));
                    }
                }
                case "/tasks/oom" -> {
                    String id = TaskOOM.parseFrom(event.getValue()).getContainerId();
                    later(listener, id, Duration.ZERO, () -> true);
                }
                default -> {
                    // Execs and what else changes nothing that a status shows.
                }
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.debug("an event that cannot be read: {}", envelope.getTopic(), e);
        }
    }

    private boolean shownRunning(String id) {
        return containers
                .wire(id)
                .map(status -> status.getState() != ContainerState.CONTAINER_CREATED)
                .orElse(true);
    }

    private boolean shownEnded(String id) {
        boolean container =
                containers
                        .wire(id)
                        .map(status -> status.getState() != ContainerState.CONTAINER_RUNNING)
                        .orElse(true);
        return container
                && sandboxes
                        .status(id)
                        .map(status -> status.getState() != PodSandboxState.SANDBOX_READY)
                        .orElse(true);
    }

    private void later(Listener listener, String id, Duration pause, BooleanSupplier shown) {
        Thread.ofVirtual().name("cri-event").start(() -> tellWhenShown(listener, id, pause, shown));
    }

    private void tellWhenShown(
            Listener listener, String id, Duration pause, BooleanSupplier shown) {
        try {
            Thread.sleep(pause);
            long end = System.nanoTime() + SETTLING.toNanos();
            String uid = awaitPodOf(listener, id, end);
            if (uid.isEmpty()) {
                return;
            }
            Duration step = SETTLING_STEP;
            while (!listener.closed() && !shown.getAsBoolean() && System.nanoTime() < end) {
                Thread.sleep(step);
                step = longer(step);
            }
            listener.changed(uid);
        } catch (BackendException e) {
            LOG.debug("an event of {} is dropped", id, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The CRI shows a sandbox only when its task runs already; empty for what is no pod's. */
    private String awaitPodOf(Listener listener, String id, long end) throws InterruptedException {
        Duration pause = SETTLING_STEP;
        Optional<String> uid = podOf(id);
        while (uid.isEmpty() && !listener.closed() && System.nanoTime() < end) {
            Thread.sleep(pause);
            pause = longer(pause);
            uid = podOf(id);
        }
        return uid.orElse("");
    }

    /** A runtime that takes its time is busy: it is not asked all the while. */
    private static Duration longer(Duration step) {
        Duration next = step.multipliedBy(2);
        return next.compareTo(LONGEST_STEP) > 0 ? LONGEST_STEP : next;
    }

    /** Nothing while the CRI does not show it, empty where it shows it as no pod's. */
    private Optional<String> podOf(String id) {
        @Nullable String known = podOf.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<String> uid =
                containers
                        .wire(id)
                        .map(status -> status.getLabelsOrDefault(Labels.POD_UID, ""))
                        .or(() ->
                                sandboxes
                                        .status(id)
                                        .map(status ->
                                                status.getLabelsOrDefault(Labels.POD_UID, "")));
        if (podOf.size() >= REMEMBERED) {
            podOf.clear();
        }
        uid.ifPresent(text -> podOf.put(id, text));
        return uid;
    }

    /** An event that nobody but us publishes. */
    private record Echo(ByteString word, CountDownLatch heard) {
        private Echo(ByteString word) {
            this(word, new CountDownLatch(1));
        }

        private void take(ByteString said) {
            if (said.equals(word)) {
                heard.countDown();
            }
        }
    }
}
