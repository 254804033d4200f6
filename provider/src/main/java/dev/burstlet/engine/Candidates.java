package dev.burstlet.engine;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.DiskUsage;
import dev.burstlet.container.EngineStats.ContainerUsage;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.pressure.Candidate;
import dev.burstlet.engine.pressure.Candidate.ContainerUse;
import dev.burstlet.engine.pressure.Signal;
import dev.burstlet.pod.CriticalPods;
import dev.burstlet.pod.HostStats.Usage;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The active pods with what they use of the resource that is short. */
final class Candidates {
    private final ContainerEngine engine;
    private final Owner owner;
    private final Signal signal;

    Candidates(ContainerEngine engine, Owner owner, Signal signal) {
        this.engine = engine;
        this.owner = owner;
        this.signal = signal;
    }

    List<Candidate> of(Collection<PodWorker> workers) {
        Map<String, Usage> usages = new HashMap<>();
        if (signal == Signal.MEMORY_AVAILABLE || signal == Signal.PID_AVAILABLE) {
            for (ContainerUsage usage : engine.stats(owner).containers()) {
                usages.put(usage.containerId(), usage.usage());
            }
        }
        List<Candidate> candidates = new ArrayList<>();
        for (PodWorker worker : workers) {
            @Nullable Wanted wanted = worker.view().wanted();
            if (wanted != null && worker.active()) {
                candidates.add(candidate(worker, wanted.bundle().pod(), usages));
            }
        }
        return candidates;
    }

    private Candidate candidate(PodWorker worker, Pod pod, Map<String, Usage> usages) {
        Map<String, Long> used =
                switch (signal) {
                    case MEMORY_AVAILABLE, PID_AVAILABLE -> measured(worker, usages);
                    case NODEFS_AVAILABLE, IMAGEFS_AVAILABLE -> Map.of();
                    case NODEFS_INODES_FREE, IMAGEFS_INODES_FREE -> Map.of();
                };
        boolean known = true;
        long whole = used.values().stream().mapToLong(Long::longValue).sum();
        if (signal.resource().equals(PodResources.EPHEMERAL_STORAGE)) {
            DiskUsage disk = engine.diskUsage(owner, worker.key());
            known = !disk.equals(DiskUsage.UNKNOWN);
            used = disk.layers();
            whole = disk.total();
        } else if (signal == Signal.MEMORY_AVAILABLE) {
            known = !used.isEmpty();
        }
        @Nullable Integer priority = pod.getSpec().getPriority();
        return new Candidate(
                worker.key(),
                priority == null ? 0 : priority,
                CriticalPods.isCritical(pod),
                known,
                whole,
                Quantities.whole(PodResources.requests(pod.getSpec()), signal.resource()),
                containers(pod, used));
    }

    /** Of the running containers, by name. */
    private Map<String, Long> measured(PodWorker worker, Map<String, Usage> usages) {
        Map<String, Long> used = new HashMap<>();
        for (ContainerStatus container : worker.view().observed().containers()) {
            @Nullable Usage usage = usages.get(container.id());
            if (usage != null && container.running()) {
                @Nullable Long value =
                        signal == Signal.PID_AVAILABLE
                                ? usage.processes()
                                : usage.workingSetBytes();
                if (value != null) {
                    used.put(container.name(), value);
                }
            }
        }
        return used;
    }

    /** Messages name containers only where these can ask for what is short. */
    private List<ContainerUse> containers(Pod pod, Map<String, Long> used) {
        if (signal.resource().equals("inodes") || signal == Signal.PID_AVAILABLE) {
            return List.of();
        }
        List<ContainerUse> uses = new ArrayList<>();
        List<Container> all =
                Stream.concat(
                                pod.getSpec().getInitContainers().stream(),
                                pod.getSpec().getContainers().stream())
                        .toList();
        for (Container container : all) {
            @Nullable Long usage = used.get(container.getName());
            if (usage != null) {
                uses.add(
                        new ContainerUse(
                                container.getName(),
                                usage,
                                Quantities.whole(
                                        PodResources.requests(container), signal.resource())));
            }
        }
        return uses;
    }
}
