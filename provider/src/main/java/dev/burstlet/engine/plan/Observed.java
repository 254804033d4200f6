package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.SandboxStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What one list of the engine showed of one pod: sandboxes and containers, newest first. */
public record Observed(List<SandboxStatus> sandboxes, List<ContainerStatus> containers) {
    private static final Comparator<SandboxStatus> NEWEST_SANDBOX =
            Comparator.comparingInt(SandboxStatus::attempt)
                    .thenComparing(SandboxStatus::createdAt)
                    .reversed();
    private static final Comparator<ContainerStatus> NEWEST_CONTAINER =
            Comparator.comparingInt(ContainerStatus::attempt)
                    .thenComparing(ContainerStatus::createdAt)
                    .reversed();

    public static final Observed NOTHING = new Observed(List.of(), List.of());

    public Observed {
        sandboxes = sorted(sandboxes, NEWEST_SANDBOX);
        containers = sorted(containers, NEWEST_CONTAINER);
    }

    private static <T> List<T> sorted(List<T> list, Comparator<T> order) {
        return list.size() < 2 ? List.copyOf(list) : list.stream().sorted(order).toList();
    }

    public boolean isEmpty() {
        return sandboxes.isEmpty() && containers.isEmpty();
    }

    /** The newest sandbox, ready or not. */
    public Optional<SandboxStatus> sandbox() {
        return sandboxes.isEmpty() ? Optional.empty() : Optional.of(sandboxes.getFirst());
    }

    /** The newest sandbox if containers can run in it. */
    public Optional<SandboxStatus> readySandbox() {
        return sandbox().filter(SandboxStatus::ready);
    }

    /** A container's instances, newest first. */
    public List<ContainerStatus> instances(String name) {
        List<ContainerStatus> instances = new ArrayList<>(2);
        for (ContainerStatus container : containers) {
            if (container.name().equals(name)) {
                instances.add(container);
            }
        }
        return instances;
    }

    public Optional<ContainerStatus> newest(String name) {
        for (ContainerStatus container : containers) {
            if (container.name().equals(name)) {
                return Optional.of(container);
            }
        }
        return Optional.empty();
    }

    /** A container's newest instance if it is in the newest sandbox. */
    public Optional<ContainerStatus> current(String name) {
        Optional<SandboxStatus> sandbox = sandbox();
        return newest(name)
                .filter(c -> sandbox.isPresent() && c.sandboxId().equals(sandbox.get().id()));
    }

    public Optional<ContainerStatus> byId(String id) {
        return containers.stream().filter(c -> c.id().equals(id)).findFirst();
    }

    public boolean anyRunning() {
        return containers.stream().anyMatch(ContainerStatus::running);
    }
}
