package dev.burstlet.engine.observe;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.engine.plan.Observed;
import dev.burstlet.pod.PodKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at what an owner's pods have on an engine. */
public final class Observer {
    private final ContainerEngine engine;
    private final Owner owner;

    public Observer(ContainerEngine engine, Owner owner) {
        this.engine = engine;
        this.owner = owner;
    }

    /** One pod, whole or failed. */
    public Observed observe(PodKey key) {
        Filter filter = new Filter(owner, key.uid());
        // Sandboxes last: a container seen without its sandbox would look like one of a dead one.
        List<ContainerStatus> containers = engine.listContainers(filter);
        return new Observed(engine.listPodSandboxes(filter), containers);
    }

    /**
     * As much of one pod, the rest as it is known; whole or failed.
     *
     * @param known null where nothing is known yet
     */
    public Observed observe(PodKey key, Scope scope, @Nullable Observed known) {
        if (known == null) {
            return observe(key);
        }
        Filter filter = new Filter(owner, key.uid());
        return switch (scope) {
            case SANDBOXES -> new Observed(engine.listPodSandboxes(filter), known.containers());
            case CONTAINERS -> new Observed(known.sandboxes(), engine.listContainers(filter));
            case ALL -> observe(key);
        };
    }

    /** Every pod of which there is anything, those with nothing but volumes included. */
    public Map<PodKey, Observed> observeAll() {
        Filter filter = Filter.all(owner);
        Map<PodKey, List<ContainerStatus>> containers = new HashMap<>();
        for (ContainerStatus container : engine.listContainers(filter)) {
            containers.computeIfAbsent(container.pod(), _ -> new ArrayList<>()).add(container);
        }
        Map<PodKey, List<SandboxStatus>> sandboxes = new HashMap<>();
        for (SandboxStatus sandbox : engine.listPodSandboxes(filter)) {
            sandboxes.computeIfAbsent(sandbox.pod(), _ -> new ArrayList<>()).add(sandbox);
        }
        Map<PodKey, Observed> all = new HashMap<>();
        engine.listVolumes(owner).forEach(key -> all.put(key, Observed.NOTHING));
        sandboxes.forEach((key, list) -> all.put(key, new Observed(list, List.of())));
        containers.forEach((key, list) ->
                all.put(key, new Observed(sandboxes.getOrDefault(key, List.of()), list)));
        return all;
    }
}
