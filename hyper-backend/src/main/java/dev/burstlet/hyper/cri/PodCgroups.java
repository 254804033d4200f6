package dev.burstlet.hyper.cri;

import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongBinaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cgroup for each pod, below which the runtime puts its sandbox and containers: it holds what the
 * pod as a whole may have, its overhead included, and how many processes. As the kubelet's, where
 * the runtime makes cgroups as files; where systemd makes them, or they may not be written, the
 * runtime's own place is kept.
 */
public final class PodCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);
    private static final String PARENT = "burstlet";
    private static final long UNLIMITED = 1L << 60;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

    private final Path root;
    private final boolean unified;
    private final AtomicBoolean said = new AtomicBoolean();

    /**
     * @param root where cgroups are mounted, {@code /sys/fs/cgroup}
     */
    public PodCgroups(Path root) {
        this.root = root;
        this.unified = Files.exists(root.resolve("cgroup.controllers"));
    }

    private static String parent(String podUid) {
        return "/" + PARENT + "/pod" + podUid;
    }

    /** The parent of a pod's containers, where it was made; else empty. */
    String of(String podUid) {
        String parent = parent(podUid);
        return Files.isDirectory(folders(parent).getFirst()) ? parent : "";
    }

    /**
     * Makes a pod's cgroup and limits it.
     *
     * @return the parent for the runtime; empty where there is none
     * @throws BackendException UNSUPPORTED where the pod's processes are limited and only a cgroup
     *     of its own could do that
     */
    String make(SandboxSpec spec) {
        String parent = parent(spec.pod().uid());
        try {
            for (Path folder : folders(parent)) {
                Files.createDirectories(folder);
            }
            if (unified) {
                delegate(root.resolve(parent.substring(1)));
            }
            limit(parent, spec);
            return parent;
        } catch (IOException e) {
            remove(parent);
            if (spec.resources().pids() > 0 && !unified) {
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

    private void limit(String parent, SandboxSpec spec) throws IOException {
        Resources pod = spec.resources();
        Resources overhead = spec.overhead();
        shares(parent, pod.cpuShares() + overhead.cpuShares());
        if (pod.cpuQuotaMicros() > 0) {
            quota(parent, pod.cpuQuotaMicros() + overhead.cpuQuotaMicros(), pod.cpuPeriodMicros());
        }
        if (pod.memoryBytes() > 0) {
            memory(parent, pod.memoryBytes() + overhead.memoryBytes());
        }
        if (pod.pids() > 0) {
            Files.writeString(file(parent, "pids", "pids.max"), Long.toString(pod.pids()));
        }
    }

    private void shares(String parent, long wanted) throws IOException {
        long shares = Math.clamp(wanted, LEAST_SHARES, MOST_SHARES);
        if (unified) {
            long weight = 1 + (shares - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
            Files.writeString(file(parent, "cpu", "cpu.weight"), Long.toString(weight));
        } else {
            Files.writeString(file(parent, "cpu", "cpu.shares"), Long.toString(shares));
        }
    }

    private void quota(String parent, long quota, long period) throws IOException {
        if (unified) {
            Files.writeString(file(parent, "cpu", "cpu.max"), quota + " " + period);
        } else {
            Files.writeString(file(parent, "cpu", "cpu.cfs_period_us"), Long.toString(period));
            Files.writeString(file(parent, "cpu", "cpu.cfs_quota_us"), Long.toString(quota));
        }
    }

    private void memory(String parent, long bytes) throws IOException {
        Path file = file(parent, "memory", unified ? "memory.max" : "memory.limit_in_bytes");
        Files.writeString(file, Long.toString(bytes));
    }

    private Path file(String parent, String controller, String name) {
        Path hierarchy = unified ? root : root.resolve(controller);
        return hierarchy.resolve(parent.substring(1)).resolve(name);
    }

    /**
     * Changes a container's limits, and by as much the pod's: first what grows, last what shrinks.
     */
    public synchronized void change(
            String podUid, Resources before, Resources after, Runnable container) {
        String parent = of(podUid);
        if (parent.isEmpty()) {
            container.run();
            return;
        }
        adjust(parent, before, after, (old, now) -> Math.max(0, now - old));
        container.run();
        adjust(parent, before, after, (old, now) -> Math.min(0, now - old));
    }

    private void adjust(
            String parent, Resources before, Resources after, LongBinaryOperator difference) {
        try {
            long shares = difference.applyAsLong(before.cpuShares(), after.cpuShares());
            if (!unified && shares != 0) {
                shares(parent, number(file(parent, "cpu", "cpu.shares")) + shares);
            }
            long quota = difference.applyAsLong(before.cpuQuotaMicros(), after.cpuQuotaMicros());
            if (quota != 0) {
                changeQuota(parent, quota, after.cpuPeriodMicros());
            }
            long memory = difference.applyAsLong(before.memoryBytes(), after.memoryBytes());
            if (memory != 0) {
                long now =
                        number(
                                file(
                                        parent,
                                        "memory",
                                        unified ? "memory.max" : "memory.limit_in_bytes"));
                if (now < UNLIMITED) {
                    memory(parent, now + memory);
                }
            }
        } catch (IOException e) {
            throw new BackendException(Reason.ENGINE, "cgroup " + parent + ": " + e, e);
        }
    }

    private void changeQuota(String parent, long by, long period) throws IOException {
        long now = number(file(parent, "cpu", unified ? "cpu.max" : "cpu.cfs_quota_us"));
        if (now > 0 && now < UNLIMITED) {
            quota(parent, now + by, period);
        }
    }

    /** The first number of a file; what is not limited is above all. */
    private static long number(Path file) throws IOException {
        String text = Files.readString(file).strip().split(" ", 2)[0];
        return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** A pod is gone. */
    public void removed(PodKey pod) {
        remove(parent(pod.uid()));
    }

    /** What is in use stays. */
    private void remove(String parent) {
        for (Path folder : folders(parent)) {
            for (Path one : deepestFirst(folder)) {
                try {
                    Files.deleteIfExists(one);
                } catch (IOException e) {
                    LOG.debug("cgroup {} stays: {}", one, e.toString());
                }
            }
        }
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
