package dev.burstlet.container.memory;

import dev.burstlet.container.Filter;
import dev.burstlet.container.HostFigures;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.file.FileView;
import dev.burstlet.container.memory.shell.DefaultService;
import dev.burstlet.container.memory.shell.World;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A simulated machine. It lives as long as the process, under its name, whether an engine is open
 * or not. Thread-safe.
 */
public final class MemoryHost {
    private static final Map<String, MemoryHost> HOSTS = new ConcurrentHashMap<>();
    private static final ScheduledThreadPoolExecutor TIMER = timers();

    private final String name;
    private final InstantSource clock;
    private final Instant startedAt;
    private final Faults faults = new Faults(this);
    private final EventBus events = new EventBus(faults);
    private final Object fileLock = new Object();
    private final Object lock = new Object();
    private final Map<Owner, Map<String, PodRecord>> pods = new LinkedHashMap<>();
    private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();
    private final Map<String, MemoryContainer> containers = new ConcurrentHashMap<>();
    private final SplittableRandom random = new SplittableRandom();
    private final MemoryVolumes volumes = new MemoryVolumes(this);
    private volatile HostFigures figures = HostFigures.UNKNOWN;
    private volatile MemoryOptions options;
    private volatile MemoryImages images;
    private volatile AddressPool addresses;

    private MemoryHost(String name, InstantSource clock, MemoryOptions options) {
        this.name = name;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.options = options;
        this.images = new MemoryImages(options);
        this.addresses = new AddressPool(options.subnet());
    }

    /** The host of this name, made when there is none. */
    public static MemoryHost named(String name) {
        return HOSTS.computeIfAbsent(
                name, key -> new MemoryHost(key, InstantSource.system(), MemoryOptions.DEFAULT));
    }

    /** Ends all that runs on the host of this name and forgets it. */
    public static void forget(String name) {
        @Nullable MemoryHost host = HOSTS.remove(name);
        if (host != null) {
            host.endAll();
        }
    }

    private static ScheduledThreadPoolExecutor timers() {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("memory-timer").factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Takes the options of an engine that is opened; the images it has stay. */
    void configure(MemoryOptions next) {
        synchronized (lock) {
            if (next.equals(options)) {
                return;
            }
            if (!next.subnet().equals(options.subnet())) {
                addresses = new AddressPool(next.subnet());
            }
            if (sandboxes.isEmpty()) {
                images = new MemoryImages(next);
            }
            options = next;
        }
    }

    public String name() {
        return name;
    }

    /** What the machine is said to have left; nothing is known until it is said. */
    public void figures(HostFigures next) {
        figures = next;
    }

    HostFigures figures() {
        return figures;
    }

    /** What can be made to go wrong. */
    public Faults faults() {
        return faults;
    }

    /** The machine's own files, of which hostPath volumes are parts. */
    public FileView files() {
        return volumes.hostFiles();
    }

    /** Puts an image on the host. */
    public ImageInfo preload(MemoryImage image) {
        return images.add(image).info();
    }

    InstantSource clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }

    Instant startedAt() {
        return startedAt;
    }

    MemoryOptions options() {
        return options;
    }

    EventBus events() {
        return events;
    }

    Object fileLock() {
        return fileLock;
    }

    Object lock() {
        return lock;
    }

    MemoryImages images() {
        return images;
    }

    MemoryVolumes volumes() {
        return volumes;
    }

    ScheduledThreadPoolExecutor timer() {
        return TIMER;
    }

    AddressPool addresses() {
        return addresses;
    }

    void network(String subnet) {
        if (!addresses.subnet().equals(subnet)) {
            addresses = new AddressPool(subnet);
        }
    }

    String newId() {
        byte[] bytes = new byte[32];
        synchronized (random) {
            random.nextBytes(bytes);
        }
        return HexFormat.of().formatHex(bytes);
    }

    Map<String, Sandbox> sandboxes() {
        return sandboxes;
    }

    Map<String, MemoryContainer> containers() {
        return containers;
    }

    /** The record of a pod, made when there is none. The caller holds the lock. */
    PodRecord record(Owner owner, PodKey pod) {
        return pods.computeIfAbsent(owner, _ -> new LinkedHashMap<>())
                .computeIfAbsent(pod.uid(), _ -> new PodRecord(owner, pod));
    }

    Optional<PodRecord> find(Owner owner, PodKey pod) {
        synchronized (lock) {
            return Optional.ofNullable(pods.getOrDefault(owner, Map.of()).get(pod.uid()));
        }
    }

    /** Forgets a pod of which nothing is left. The caller holds the lock. */
    void tidy(PodRecord record) {
        @Nullable Map<String, PodRecord> of = pods.get(record.owner());
        if (record.empty() && of != null) {
            of.remove(record.pod().uid(), record);
        }
    }

    List<PodRecord> records(Filter filter) {
        synchronized (lock) {
            Map<String, PodRecord> of = pods.getOrDefault(filter.owner(), Map.of());
            @Nullable String uid = filter.podUid();
            if (uid == null) {
                return List.copyOf(of.values());
            }
            @Nullable PodRecord record = of.get(uid);
            return record == null ? List.of() : List.of(record);
        }
    }

    MemoryContainer container(String id) {
        @Nullable MemoryContainer container = containers.get(id);
        if (container == null) {
            throw new BackendException(Reason.NOT_FOUND, "no such container: " + id);
        }
        return container;
    }

    Sandbox sandbox(String id) {
        @Nullable Sandbox sandbox = sandboxes.get(id);
        if (sandbox == null) {
            throw new BackendException(Reason.NOT_FOUND, "no such sandbox: " + id);
        }
        return sandbox;
    }

    List<MemoryContainer> containersOf(Sandbox sandbox) {
        synchronized (lock) {
            return sandbox.record().containers().stream()
                    .filter(container -> container.sandbox() == sandbox)
                    .toList();
        }
    }

    /** What listens on a port of a sandbox, or null. */
    World.@Nullable Service service(Sandbox sandbox, int port) {
        World.@Nullable Service service = sandbox.listeners().get(port);
        if (service != null) {
            return service;
        }
        boolean any =
                containersOf(sandbox).stream()
                        .anyMatch(one -> one.running() && Launch.service(one));
        return any ? DefaultService::serve : null;
    }

    void reboot() {
        endAll();
        events.disconnected("host " + name + " restarts");
        events.connected();
    }

    private void endAll() {
        sandboxes.values().forEach(this::end);
    }

    /** Ends a sandbox and all that runs in it. */
    void end(Sandbox sandbox) {
        synchronized (lock) {
            if (!sandbox.ready()) {
                return;
            }
            sandbox.dead();
            @Nullable String ip = sandbox.ip();
            if (ip != null) {
                addresses.give(ip);
            }
        }
        for (MemoryContainer container : containersOf(sandbox)) {
            container.kill();
            container.ended(137, 9);
        }
        sandbox.record().volumes().values().forEach(volumes::sandboxEnded);
        events.changed(sandbox.spec().pod().uid());
    }

    static void closeQuietly(@Nullable AutoCloseable stream) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (Exception e) {
            // The ends of pipes in memory have nothing to lose.
        }
    }
}
