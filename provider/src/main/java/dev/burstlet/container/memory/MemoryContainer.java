package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.Resources;
import dev.burstlet.container.memory.shell.BytePipe;
import dev.burstlet.container.memory.shell.Signal;
import dev.burstlet.container.memory.shell.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A container through its one life: created, running, exited. */
final class MemoryContainer {
    private final String id;
    private final ContainerSpec spec;
    private final Sandbox sandbox;
    private final MemoryHost host;
    private final MemoryImage image;
    private final Instant createdAt;
    private final LogRing log;
    private final Surroundings surroundings;
    private final List<Output.Tap> taps = new CopyOnWriteArrayList<>();
    private final Set<Task> execs = ConcurrentHashMap.newKeySet(0);
    private final @Nullable BytePipe stdin;
    private volatile State state = new State.Created();
    private volatile Resources resources;
    private volatile @Nullable Running process;
    private boolean outOfMemory;

    MemoryContainer(
            String id, ContainerSpec spec, Sandbox sandbox, MemoryHost host, MemoryImage image) {
        this.id = id;
        this.spec = spec;
        this.sandbox = sandbox;
        this.host = host;
        this.image = image;
        this.createdAt = host.now();
        this.resources = spec.resources();
        this.log = new LogRing(host.options().logBytes());
        this.stdin = spec.stdin() ? new BytePipe() : null;
        this.surroundings = new Surroundings(this);
    }

    String id() {
        return id;
    }

    ContainerSpec spec() {
        return spec;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    MemoryHost host() {
        return host;
    }

    MemoryImage image() {
        return image;
    }

    LogRing log() {
        return log;
    }

    List<Output.Tap> taps() {
        return taps;
    }

    @Nullable BytePipe stdin() {
        return stdin;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    State state() {
        return state;
    }

    boolean running() {
        return state instanceof State.Running;
    }

    boolean ended() {
        return state instanceof State.Exited;
    }

    @Nullable Running process() {
        return process;
    }

    Resources resources() {
        return resources;
    }

    void resources(Resources next) {
        resources = next;
    }

    Set<Task> execs() {
        return execs;
    }

    ContainerStatus status() {
        var user = surroundings.user();
        return new ContainerStatus(
                id,
                spec.pod(),
                sandbox.id(),
                spec.name(),
                spec.kind(),
                spec.attempt(),
                spec.image(),
                image.info().ref(),
                createdAt,
                state,
                resources,
                new ContainerStatus.User(user.uid(), user.gid(), user.groups()),
                spec.labels());
    }

    /** Becomes running, once; false where it was started before. */
    synchronized boolean begin() {
        if (!(state instanceof State.Created)) {
            return false;
        }
        state = new State.Running(host.now());
        return true;
    }

    synchronized void playedBy(Running running) {
        if (running()) {
            process = running;
        }
    }

    /** Never ran. */
    void failed(int code, String message) {
        Instant now = host.now();
        synchronized (this) {
            state = new State.Exited(code, 0, "StartError", message, now, now);
            notifyAll();
        }
        log.end(now);
        host.events().changed(spec.pod().uid());
    }

    void outOfMemory() {
        synchronized (this) {
            outOfMemory = true;
        }
        kill();
    }

    /** SIGKILL, from outside. */
    void kill() {
        @Nullable Running running = process;
        if (running != null) {
            running.signal(Signal.KILL);
        }
    }

    /** The first process has ended, and all others with it. */
    void ended(int code, int signal) {
        Instant now = host.now();
        log.end(now);
        synchronized (this) {
            if (!(state instanceof State.Running running)) {
                return;
            }
            String reason = outOfMemory ? "OOMKilled" : code == 0 ? "Completed" : "Error";
            state = new State.Exited(code, signal, reason, "", running.startedAt(), now);
            process = null;
            notifyAll();
        }
        execs.forEach(task -> task.signal(Signal.KILL));
        taps.forEach(Output.Tap::end);
        if (stdin != null) {
            MemoryHost.closeQuietly(stdin.reader());
        }
        host.events().changed(spec.pod().uid());
    }

    /** Waits for its end at most so long; whether it has ended. */
    synchronized boolean awaitEnd(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (running()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
