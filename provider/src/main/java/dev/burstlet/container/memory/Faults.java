package dev.burstlet.container.memory;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What a test makes a simulated host do wrong. Thread-safe. */
public final class Faults {
    private final MemoryHost host;
    private final Map<Call, Queue<BackendException>> failures = new EnumMap<>(Call.class);
    private final Map<Call, Duration> latencies = new EnumMap<>(Call.class);
    private boolean dropEvents;
    private @Nullable String disconnected;

    Faults(MemoryHost host) {
        this.host = host;
    }

    /** The engine's calls. */
    public enum Call {
        INFO,
        ENSURE_NETWORK,
        RUN_SANDBOX,
        STOP_SANDBOX,
        REMOVE_SANDBOX,
        LIST_SANDBOXES,
        CREATE_CONTAINER,
        START_CONTAINER,
        STOP_CONTAINER,
        REMOVE_CONTAINER,
        LIST_CONTAINERS,
        CONTAINER_STATUS,
        UPDATE_RESOURCES,
        IMAGE_STATUS,
        PULL_IMAGE,
        LIST_IMAGES,
        REMOVE_IMAGE,
        ENSURE_VOLUMES,
        PUBLISH,
        READ_FILE,
        LIST_VOLUMES,
        REMOVE_VOLUMES,
        EXEC,
        ATTACH,
        PORT_FORWARD,
        LOGS,
        STATS
    }

    /** Fails the next calls of one kind, before they do anything. */
    public synchronized void fail(Call call, int times, Reason reason, String message) {
        Queue<BackendException> queue = failures.computeIfAbsent(call, _ -> new ArrayDeque<>());
        for (int i = 0; i < times; i++) {
            queue.add(new BackendException(reason, message));
        }
    }

    /** Makes calls of one kind take so long. */
    public synchronized void delay(Call call, Duration latency) {
        latencies.put(call, latency);
    }

    /** Loses all changes until it is set to false again. */
    public synchronized void dropEvents(boolean drop) {
        dropEvents = drop;
    }

    /** Lets every call fail as unreachable, and tells so; what runs goes on. */
    public void disconnect(String cause) {
        synchronized (this) {
            disconnected = cause;
        }
        host.events().disconnected(cause);
    }

    public void reconnect() {
        synchronized (this) {
            disconnected = null;
        }
        host.events().connected();
    }

    /** Ends everything at once, as a host does that loses power and comes back. */
    public void reboot() {
        host.reboot();
    }

    /** Ends a container as the kernel does that finds no memory for it. */
    public void outOfMemory(String containerId) {
        host.container(containerId).outOfMemory();
    }

    /** Forgets all faults. */
    public synchronized void clear() {
        failures.clear();
        latencies.clear();
        dropEvents = false;
    }

    synchronized boolean losesEvents() {
        return dropEvents || disconnected != null;
    }

    synchronized @Nullable String disconnected() {
        return disconnected;
    }

    synchronized Duration latency(Call call) {
        return latencies.getOrDefault(call, Duration.ZERO);
    }

    synchronized void check(Call call) {
        if (disconnected != null) {
            throw new BackendException(
                    Reason.UNAVAILABLE, "host " + host.name() + ": " + disconnected);
        }
        @Nullable Queue<BackendException> queue = failures.get(call);
        @Nullable BackendException failure = queue == null ? null : queue.poll();
        if (failure != null) {
            throw new BackendException(failure.reason(), failure.getMessage() + "", failure);
        }
    }
}
