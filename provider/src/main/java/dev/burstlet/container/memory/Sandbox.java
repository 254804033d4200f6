package dev.burstlet.container.memory;

import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.memory.shell.World;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A pod's sandbox: its address, its ports and its process numbers. */
final class Sandbox {
    private final String id;
    private final SandboxSpec spec;
    private final PodRecord record;
    private final Instant createdAt;
    private final @Nullable String ip;
    private final Map<Integer, World.Service> listeners = new ConcurrentHashMap<>(0);
    private final AtomicInteger pids = new AtomicInteger(1);
    private volatile boolean ready = true;
    private volatile Resources together;

    Sandbox(String id, SandboxSpec spec, PodRecord record, Instant now, @Nullable String ip) {
        this.id = id;
        this.spec = spec;
        this.record = record;
        this.createdAt = now;
        this.ip = ip;
        this.together = spec.resources();
    }

    String id() {
        return id;
    }

    SandboxSpec spec() {
        return spec;
    }

    PodRecord record() {
        return record;
    }

    @Nullable String ip() {
        return ip;
    }

    boolean ready() {
        return ready;
    }

    void dead() {
        ready = false;
        listeners.clear();
    }

    /** What the pod's containers may have together. */
    Resources together() {
        return together;
    }

    void together(Resources resources) {
        together = resources;
    }

    int nextPid() {
        return pids.incrementAndGet();
    }

    Map<Integer, World.Service> listeners() {
        return listeners;
    }

    SandboxStatus status() {
        return new SandboxStatus(
                id,
                spec.pod(),
                spec.attempt(),
                ready,
                createdAt,
                ready && ip != null ? List.of(ip) : List.of(),
                spec.labels());
    }
}
