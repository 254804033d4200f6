package dev.burstlet.hyper.event;

import dev.burstlet.container.EngineEvent;
import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes on a runtime, for one listener: the CRI's own events where the runtime has them for
 * every listener (containerd since 2.0, CRI-O where it is told to send them), containerd's events
 * of tasks before and elsewhere on containerd, and where there are neither, lists.
 */
public final class EventFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final CriConnection connection;
    private final Consumer<EngineEvent> consumer;
    private final CriEvents criEvents;
    private final TaskEvents taskEvents;
    private final PolledStates polled;
    private final Thread thread;
    private final Told told = new Told();
    private volatile boolean closed;
    private volatile boolean connected;

    /** The release that was asked for the CRI's events and has none; used by one thread. */
    private String refused = "";

    public EventFeed(
            CriConnection connection,
            Containers containers,
            Sandboxes sandboxes,
            Consumer<EngineEvent> consumer) {
        this.connection = connection;
        this.consumer = consumer;
        this.criEvents = new CriEvents(connection);
        this.taskEvents = new TaskEvents(connection, containers, sandboxes);
        this.polled = new PolledStates(connection);
        this.thread = Thread.ofVirtual().name("cri-events").unstarted(this::run);
    }

    public EventFeed start() {
        thread.start();
        return this;
    }

    private void run() {
        boolean away = false;
        while (!closed) {
            String cause;
            try {
                cause = listen();
            } catch (BackendException e) {
                cause = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                return;
            }
            if (connected || !away) {
                away = true;
                connected = false;
                tell(new EngineEvent.Disconnected(connection.host() + ": " + cause));
            }
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Until the source ends; returns why. */
    private String listen() throws InterruptedException {
        RuntimeFacts runtime = RuntimeFacts.ask(connection);
        String release = runtime.name() + " " + runtime.version();
        if (hasOwnEvents(runtime) && !release.equals(refused)) {
            try {
                return criEvents.listen(told);
            } catch (BackendException e) {
                if (e.reason() != Reason.UNSUPPORTED) {
                    throw e;
                }
                refused = release;
                LOG.info("{}: {} sends no events: {}", connection.host(), release, e.getMessage());
            }
        }
        return runtime.containerd() ? taskEvents.listen(told) : polled.listen(told);
    }

    /** containerd 1.7 has them too, but gives each event to one listener of all. */
    private static boolean hasOwnEvents(RuntimeFacts runtime) {
        return !runtime.containerd() || runtime.containerdAtLeast(2, 0);
    }

    private void tell(EngineEvent event) {
        if (!closed) {
            consumer.accept(event);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private final class Told implements EventSource.Listener {
        @Override
        public void connected() {
            connected = true;
            tell(new EngineEvent.Connected());
        }

        /** What comes before it is connected shows in the lists that are made then. */
        @Override
        public void changed(String podUid) {
            if (connected) {
                tell(new EngineEvent.PodChanged(podUid));
            }
        }

        @Override
        public boolean closed() {
            return closed;
        }
    }
}
