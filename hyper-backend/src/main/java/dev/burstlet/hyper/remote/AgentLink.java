package dev.burstlet.hyper.remote;

import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.wire.Failures;
import dev.burstlet.hyper.wire.Hosts;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import io.grpc.StatusException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an agent claimed and its three watches open; begins again whenever one of them ends. While
 * the agent is away, its host is described as not reachable, with the cause.
 */
final class AgentLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentLink.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration MOMENT = Duration.ofSeconds(10);
    private static final long REDELIVER_SECONDS = 5;
    private static final HostDescription.SystemInfo NO_SYSTEM =
            new HostDescription.SystemInfo("linux", "", "", "", "", "", "", "");

    private final AgentChannel channel;
    private final Opening opening;
    private final Wishes wishes;
    private final InstantSource clock;
    private volatile HostDescription description;
    private volatile @Nullable PodListener listener;
    private final Object gate = new Object();
    private volatile boolean open;
    private volatile boolean closed;
    private String incarnation = "";
    private @Nullable Thread keeping;

    AgentLink(AgentChannel channel, Opening opening, Wishes wishes, InstantSource clock) {
        this.channel = channel;
        this.opening = opening;
        this.wishes = wishes;
        this.clock = clock;
        this.description =
                new HostDescription(
                        new HostDescription.Health(
                                false,
                                clock.instant(),
                                "agent " + channel.host() + " has not answered yet"),
                        NO_SYSTEM,
                        Map.of(),
                        HostDescription.Pressures.NONE,
                        List.of(),
                        List.of(),
                        "");
    }

    synchronized void listen(PodListener told) {
        listener = told;
        if (keeping == null) {
            keeping = Thread.ofVirtual().name("agent-" + channel.host()).start(this::keep);
        }
    }

    V1.Session session() {
        return opening.session();
    }

    HostDescription description() {
        return description;
    }

    /**
     * Waits a moment for an agent that is on its way back, as after a restart of one side.
     *
     * @throws BackendException where it does not come
     */
    void awaitOpen() throws InterruptedException {
        long end = System.nanoTime() + MOMENT.toNanos();
        synchronized (gate) {
            while (!open) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new BackendException(
                            BackendException.Reason.UNAVAILABLE, description.health().cause());
                }
                gate.wait(left);
            }
        }
    }

    private void opened(boolean now) {
        synchronized (gate) {
            open = now;
            gate.notifyAll();
        }
    }

    /** Whether the agent took our claim and is not known to be away. */
    boolean isOpen() {
        return open;
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            try {
                claim();
                pause = FIRST_PAUSE;
                away(watch());
            } catch (StatusException e) {
                away(Failures.words(e.getStatus()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warn("agent {}: {}", channel.host(), e.getMessage(), e);
                away(String.valueOf(e.getMessage()));
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
    }

    private void claim() throws StatusException {
        channel.hurry();
        V1.OpenResponse answer = channel.calls().open(opening.request());
        if (!answer.getIncarnation().equals(incarnation)) {
            wishes.forgotten();
            incarnation = answer.getIncarnation();
        }
        LOG.info("agent {}, release {}, is ours", channel.host(), answer.getRelease());
    }

    /** Until one of the watches ends; says why. */
    private String watch() throws InterruptedException {
        BlockingQueue<String> ends = new ArrayBlockingQueue<>(3);
        opened(true);
        List<Thread> watches =
                List.of(
                        watching("status", ends, this::watchStatus),
                        watching("events", ends, this::watchEvents),
                        watching("host", ends, this::watchHost));
        try {
            while (true) {
                wishes.deliver();
                String end = ends.poll(REDELIVER_SECONDS, TimeUnit.SECONDS);
                if (end != null) {
                    return end;
                }
            }
        } finally {
            opened(false);
            watches.forEach(Thread::interrupt);
            for (Thread watch : watches) {
                watch.join();
            }
        }
    }

    @FunctionalInterface
    private interface Watch {
        void run() throws StatusException, InterruptedException;
    }

    private Thread watching(String what, BlockingQueue<String> ends, Watch watch) {
        return Thread.ofVirtual()
                .name("agent-" + what + "-" + channel.host())
                .start(() -> {
                    String end = "the watch of its " + what + " ended";
                    try {
                        watch.run();
                    } catch (StatusException e) {
                        end = Failures.words(e.getStatus());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        LOG.warn("agent {}: {}: {}", channel.host(), what, e.getMessage(), e);
                        end = String.valueOf(e.getMessage());
                    }
                    var _ = ends.offer(end);
                });
    }

    private void watchStatus() throws StatusException, InterruptedException {
        var call = channel.streams().watchStatus();
        try {
            var _ = call.write(V1.WatchStatusRequest.newBuilder().setSession(session()).build());
            V1.StatusUpdate next;
            while ((next = call.read()) != null) {
                if (next.hasReport()) {
                    reported(Reports.report(next.getReport()));
                    var _ =
                            call.write(
                                    V1.WatchStatusRequest.newBuilder()
                                            .setAcknowledged(next.getSequence())
                                            .build());
                }
            }
        } finally {
            call.cancel("the watch is given up", null);
        }
    }

    private void reported(PodReport report) {
        if (wishes.isNews(report)) {
            told().podReported(report);
        }
        if (report.stage() == PodReport.Stage.REMOVED) {
            wishes.removed(report.key());
        }
    }

    private void watchEvents() throws StatusException, InterruptedException {
        var call = channel.streams().watchEvents();
        try {
            var _ = call.write(V1.WatchEventsRequest.newBuilder().setSession(session()).build());
            V1.EventUpdate next;
            while ((next = call.read()) != null) {
                told().podEvent(Reports.event(next));
                var _ =
                        call.write(
                                V1.WatchEventsRequest.newBuilder()
                                        .setAcknowledged(next.getSequence())
                                        .build());
            }
        } finally {
            call.cancel("the watch is given up", null);
        }
    }

    private void watchHost() throws StatusException, InterruptedException {
        var call =
                channel.streams()
                        .watchHost(V1.WatchHostRequest.newBuilder().setSession(session()).build());
        try {
            V1.HostDescription next;
            while ((next = call.read()) != null) {
                become(Hosts.host(next));
            }
        } finally {
            call.cancel("the watch is given up", null);
        }
    }

    private void away(String cause) {
        if (closed) {
            return;
        }
        String words = "agent " + channel.host() + ": " + cause;
        HostDescription before = description;
        if (before.health().reachable()) {
            LOG.warn("{}", words);
        }
        become(
                new HostDescription(
                        new HostDescription.Health(
                                false,
                                before.health().reachable()
                                        ? clock.instant()
                                        : before.health().since(),
                                words),
                        before.system(),
                        before.capacity(),
                        before.pressures(),
                        before.images(),
                        before.runtimeHandlers(),
                        before.networkPodCidr(),
                        before.supplementalGroupsPolicy()));
    }

    private synchronized void become(HostDescription next) {
        boolean same = next.equals(description);
        description = next;
        if (!same) {
            told().hostChanged(next);
        }
    }

    private PodListener told() {
        PodListener told = listener;
        if (told == null) {
            throw new IllegalStateException("nobody listens");
        }
        return told;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (keeping != null) {
            keeping.interrupt();
        }
    }
}
