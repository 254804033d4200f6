package dev.burstlet.hyper.event;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.Labels;
import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.proto.containerd.Envelope;
import dev.burstlet.hyper.proto.containerd.SubscribeRequest;
import dev.burstlet.hyper.proto.containerd.TaskExit;
import dev.burstlet.hyper.proto.containerd.TaskOOM;
import dev.burstlet.hyper.proto.containerd.TaskStart;
import dev.burstlet.hyper.proto.cri.ContainerEventResponse;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.GetEventsRequest;
import dev.burstlet.hyper.proto.cri.PodSandboxState;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.grpc.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes on a runtime, for one listener: containerd's task events where the runtime is
 * containerd (its 1.6 has no other, and they are the same in all later ones), the CRI's own
 * elsewhere. A task's end is known to that stream before the CRI shows it; so an exit is passed on
 * once the CRI shows it too, or a moment later where it never does.
 */
public final class EventFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final Duration SETTLING_STEP = Duration.ofMillis(10);
    private static final int REMEMBERED = 4096;

    private final CriConnection connection;
    private final Supplier<RuntimeFacts> facts;
    private final Containers containers;
    private final Sandboxes sandboxes;
    private final Consumer<EngineEvent> consumer;
    private final Map<String, String> podOf = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    public EventFeed(
            CriConnection connection,
            Supplier<RuntimeFacts> facts,
            Containers containers,
            Sandboxes sandboxes,
            Consumer<EngineEvent> consumer) {
        this.connection = connection;
        this.facts = facts;
        this.containers = containers;
        this.sandboxes = sandboxes;
        this.consumer = consumer;
        this.thread = Thread.ofVirtual().name("cri-events").unstarted(this::run);
    }

    public EventFeed start() {
        thread.start();
        return this;
    }

    private void run() {
        boolean told = false;
        while (!closed) {
            String cause;
            try {
                cause = listen();
                told = false;
            } catch (BackendException e) {
                cause = String.valueOf(e.getMessage());
            }
            if (!told) {
                told = true;
                tell(new EngineEvent.Disconnected(connection.host() + ": " + cause));
            }
            pause(RETRY);
        }
    }

    /** Until the stream ends; returns why. */
    private String listen() {
        StreamEnd end = new StreamEnd();
        Context.CancellableContext context = Context.current().withCancellation();
        try {
            RuntimeFacts runtime = facts.get();
            context.run(() -> {
                if (runtime.containerd()) {
                    subscribe(end);
                } else {
                    connection
                            .runtimeStream()
                            .getContainerEvents(
                                    GetEventsRequest.getDefaultInstance(),
                                    end.observer(this::containerEvent));
                }
            });
            // Answered after the stream was asked for, on the same connection.
            RuntimeFacts answered = RuntimeFacts.ask(connection);
            LOG.debug("events of {} {}", answered.name(), answered.version());
            tell(new EngineEvent.Connected());
            return end.await();
        } catch (InterruptedException e) {
            return "closed";
        } finally {
            context.cancel(null);
        }
    }

    private void subscribe(StreamEnd end) {
        connection
                .eventStream()
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .addFilters("namespace==k8s.io,topic~=\"^/tasks/\"")
                                .build(),
                        end.observer(this::taskEvent));
    }

    private void containerEvent(ContainerEventResponse event) {
        String uid = event.getPodSandboxStatus().getLabelsOrDefault(Labels.POD_UID, "");
        if (!uid.isEmpty()) {
            tell(new EngineEvent.PodChanged(uid));
        }
    }

    private void taskEvent(Envelope envelope) {
        Any event = envelope.getEvent();
        try {
            switch (envelope.getTopic()) {
                case "/tasks/start" -> {
                    String id = TaskStart.parseFrom(event.getValue()).getContainerId();
                    later(id, () -> shownRunning(id));
                }
                case "/tasks/exit" -> {
                    TaskExit exit = TaskExit.parseFrom(event.getValue());
                    String id = exit.getContainerId();
                    if (exit.getId().equals(id)) {
                        later(id, () -> shownEnded(id));
                    }
                }
                case "/tasks/oom" -> {
                    String id = TaskOOM.parseFrom(event.getValue()).getContainerId();
                    later(id, () -> true);
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

    private void later(String id, BooleanSupplier shown) {
        Thread.ofVirtual().name("cri-event").start(() -> tellWhenShown(id, shown));
    }

    private void tellWhenShown(String id, BooleanSupplier shown) {
        try {
            Optional<String> uid = podOf(id);
            if (uid.isEmpty()) {
                return;
            }
            long end = System.nanoTime() + SETTLING.toNanos();
            while (!closed && !shown.getAsBoolean() && System.nanoTime() < end) {
                pause(SETTLING_STEP);
            }
            tell(new EngineEvent.PodChanged(uid.get()));
        } catch (BackendException e) {
            LOG.debug("an event of {} is dropped", id, e);
        }
    }

    private Optional<String> podOf(String id) {
        String known = podOf.getOrDefault(id, "");
        if (!known.isEmpty()) {
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
                                                status.getLabelsOrDefault(Labels.POD_UID, "")))
                        .filter(text -> !text.isEmpty());
        if (podOf.size() >= REMEMBERED) {
            podOf.clear();
        }
        uid.ifPresent(text -> podOf.put(id, text));
        return uid;
    }

    private void tell(EngineEvent event) {
        if (!closed) {
            consumer.accept(event);
        }
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            if (!closed) {
                throw new BackendException(Reason.TIMEOUT, "interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
