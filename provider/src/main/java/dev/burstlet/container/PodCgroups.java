package dev.burstlet.container;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cgroup for each pod on this machine, below which an engine puts its sandbox and containers: it
 * holds what the pod as a whole may have, its overhead included, and how many processes. As the
 * kubelet's, where the engine makes cgroups as files; where systemd makes them, or they may not be
 * written, the engine's own place is kept. Safe for use by many threads.
 */
public final class PodCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);
    private static final String PARENT = "burstlet";
    private static final long UNLIMITED = 1L << 60;
    private static final long NONE = Long.MAX_VALUE;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final int TRIES = 20;

    /** A shim may still be about to end by itself. */
    private static final int PATIENCE = 10;

    private static final Duration LATER = Duration.ofSeconds(30);
    private static final Executor BY_THE_WAY = Executors.newVirtualThreadPerTaskExecutor();
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

    private final Path root;
    private final Duration later;
    private final boolean unified;
    private final AtomicBoolean said = new AtomicBoolean();
    private final Set<String> made = ConcurrentHashMap.newKeySet();

    /**
     * @param root where cgroups are mounted, {@code /sys/fs/cgroup}
     */
    public PodCgroups(Path root) {
        this(root, LATER);
    }

    /**
     * @param later after a pod's end, when its cgroups are looked for once more
     */
    PodCgroups(Path root, Duration later) {
        this.later = later;
        this.root = root;
        this.unified = Files.exists(root.resolve("cgroup.controllers"));
    }

    private static String parent(String podUid) {
        return "/" + PARENT + "/pod" + podUid;
    }

    /** The parent of a pod's containers, where it was made; else empty. */
    public String of(String podUid) {
        String parent = parent(podUid);
        return Files.isDirectory(folders(parent).getFirst()) ? parent : "";
    }

    /**
     * Makes a pod's cgroup and limits it.
     *
     * @param needed whether a limit of the pod's processes holds by it alone
     * @return the parent for the engine; empty where there is none
     * @throws BackendException UNSUPPORTED where the cgroup is needed and cannot be made
     */
    public String make(SandboxSpec spec, boolean needed) {
        String parent = parent(spec.pod().uid());
        made.add(spec.pod().uid());
        try {
            for (Path folder : folders(parent)) {
                Files.createDirectories(folder);
            }
            if (unified) {
                delegate(root.resolve(parent.substring(1)));
            }
            limit(parent, spec.resources(), spec.overhead(), false);
            if (spec.resources().pids() > 0) {
                String pids = Long.toString(spec.resources().pids());
                Files.writeString(file(parent, "pids", "pids.max"), pids);
            }
            return parent;
        } catch (IOException e) {
            remove(folders(parent));
            if (needed && spec.resources().pids() > 0 && !unified) {
                throw new BackendException(
                        Reason.UNSUPPORTED,
                        "podPidsLimit: the pod's cgroup cannot be made: " + e.getMessage(),
                        e);
            }
            if (said.compareAndSet(false, true)) {
                LOG.info("pods have no cgroup of their own: {}", e.toString());
            }
            return "";
        }
    }

    private List<Path> folders(String parent) {
        String below = parent.substring(1);
        if (unified) {
            return List.of(root.resolve(below));
        }
        return CONTROLLERS.stream().map(name -> root.resolve(name).resolve(below)).toList();
    }

    /** Each cgroup from the root on hands the controllers to those below. */
    private void delegate(Path leaf) throws IOException {
        Path at = root;
        for (Path name : root.relativize(leaf)) {
            for (String controller : CONTROLLERS) {
                Files.writeString(at.resolve("cgroup.subtree_control"), "+" + controller);
            }
            at = at.resolve(name);
        }
        for (String controller : CONTROLLERS) {
            Files.writeString(leaf.resolve("cgroup.subtree_control"), "+" + controller);
        }
    }

    /**
     * Gives a pod other limits, where it has a cgroup of its own and they differ.
     *
     * @param raise only what grows by it
     * @throws BackendException ENGINE where the kernel refuses, as it does less memory than is used
     */
    public void update(String podUid, Resources pod, Resources overhead, boolean raise) {
        String parent = of(podUid);
        if (parent.isEmpty()) {
            return;
        }
        try {
            limit(parent, pod, overhead, raise);
        } catch (IOException e) {
            throw new BackendException(
                    Reason.ENGINE, "cgroup " + parent + ": " + e.getMessage(), e);
        }
    }

    private void limit(String parent, Resources pod, Resources overhead, boolean raise)
            throws IOException {
        shares(parent, pod.cpuShares() + overhead.cpuShares(), raise);
        quota(parent, sum(pod.cpuQuotaMicros(), overhead.cpuQuotaMicros()), pod, raise);
        memory(parent, sum(pod.memoryBytes(), overhead.memoryBytes()), raise);
    }

    /** Of a pod that has no limit there is none with its overhead either. */
    private static long sum(long pod, long overhead) {
        return pod > 0 ? pod + overhead : NONE;
    }

    private void shares(String parent, long wanted, boolean raise) throws IOException {
        long shares = Math.clamp(wanted, LEAST_SHARES, MOST_SHARES);
        if (unified) {
            long weight = 1 + (shares - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
            write(file(parent, "cpu", "cpu.weight"), weight, "", raise);
        } else {
            write(file(parent, "cpu", "cpu.shares"), shares, "", raise);
        }
    }

    private void quota(String parent, long quota, Resources pod, boolean raise) throws IOException {
        if (pod.cpuPeriodMicros() <= 0) {
            return;
        }
        if (unified) {
            write(file(parent, "cpu", "cpu.max"), quota, " " + pod.cpuPeriodMicros(), raise);
        } else {
            write(file(parent, "cpu", "cpu.cfs_period_us"), pod.cpuPeriodMicros(), "", false);
            write(file(parent, "cpu", "cpu.cfs_quota_us"), quota, "", raise);
        }
    }

    private void memory(String parent, long bytes, boolean raise) throws IOException {
        String name = unified ? "memory.max" : "memory.limit_in_bytes";
        Path limit = file(parent, "memory", name);
        if (unified && !raise && bytes < number(limit)) {
            // With cgroup v1 the kernel refuses it; here it would end processes.
            long used = workingSet(parent);
            if (bytes < used) {
                throw new IOException(
                        "attempting to set pod memory limit (%d) below current usage (%d)"
                                .formatted(bytes, used));
            }
        }
        write(limit, bytes, "", raise);
    }

    /** What is in use, without the file pages that can go. */
    private long workingSet(String parent) throws IOException {
        String inactive = "inactive_file ";
        long pages =
                Files.readAllLines(file(parent, "memory", "memory.stat")).stream()
                        .filter(line -> line.startsWith(inactive))
                        .mapToLong(line -> Long.parseLong(line.substring(inactive.length())))
                        .sum();
        return number(file(parent, "memory", "memory.current")) - pages;
    }

    private void write(Path file, long wanted, String behind, boolean raise) throws IOException {
        long now = number(file);
        if (now == wanted || (raise && now > wanted)) {
            return;
        }
        String none = unified ? "max" : "-1";
        Files.writeString(file, (wanted == NONE ? none : Long.toString(wanted)) + behind);
    }

    private Path file(String parent, String controller, String name) {
        Path hierarchy = unified ? root : root.resolve(controller);
        return hierarchy.resolve(parent.substring(1)).resolve(name);
    }

    /** The first number of a file; what is not limited is above all. */
    private static long number(Path file) throws IOException {
        String text = Files.readString(file).strip().split(" ", 2)[0];
        long number = text.equals("max") ? NONE : Long.parseLong(text);
        return number < 0 || number >= UNLIMITED ? NONE : number;
    }

    /**
     * A pod is gone: what has outlived its containers, as their processes do where the runtime's
     * shim was killed, ends with it; and its cgroups go, those too that the runtime made in
     * hierarchies that are none of ours. Where the making of its sandbox was given up, the runtime
     * may make them once more: that is looked after later.
     */
    public void removed(PodKey pod) {
        String parent = parent(pod.uid());
        made.remove(pod.uid());
        CompletableFuture.delayedExecutor(later.toMillis(), TimeUnit.MILLISECONDS, BY_THE_WAY)
                .execute(() -> {
                    if (!made.contains(pod.uid())) {
                        remove(everywhere(parent));
                    }
                });
        List<Path> cgroups = everywhere(parent);
        for (int i = 0; i < TRIES && !remove(cgroups); i++) {
            if (i >= PATIENCE) {
                cgroups.forEach(PodCgroups::kill);
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private List<Path> everywhere(String parent) {
        if (unified) {
            return folders(parent);
        }
        try (Stream<Path> hierarchies = Files.list(root)) {
            return hierarchies
                    .map(hierarchy -> hierarchy.resolve(parent.substring(1)))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            return folders(parent);
        }
    }

    private static void kill(Path cgroup) {
        for (Path one : deepestFirst(cgroup)) {
            try {
                Files.readAllLines(one.resolve("cgroup.procs")).stream()
                        .map(Long::valueOf)
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .forEach(ProcessHandle::destroyForcibly);
            } catch (IOException e) {
                LOG.debug("cgroup {} has no processes: {}", one, e.toString());
            }
        }
    }

    /** Says whether all are gone: what is in use stays. */
    private static boolean remove(List<Path> cgroups) {
        boolean gone = true;
        for (Path cgroup : cgroups) {
            for (Path one : deepestFirst(cgroup)) {
                try {
                    Files.deleteIfExists(one);
                } catch (IOException e) {
                    gone = false;
                    LOG.debug("cgroup {} stays: {}", one, e.toString());
                }
            }
        }
        return gone;
    }

    private static List<Path> deepestFirst(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> folders = new ArrayList<>(all.filter(Files::isDirectory).toList());
            folders.sort(Comparator.comparingInt(Path::getNameCount).reversed());
            return folders;
        } catch (IOException | java.io.UncheckedIOException e) {
            return List.of();
        }
    }
}
