package dev.burstlet.container.memory;

import dev.burstlet.container.Owner;
import dev.burstlet.pod.PodKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that a host has of one pod of one owner. Guarded by the host's lock. */
final class PodRecord {
    private final Owner owner;
    private final PodKey pod;
    private final List<Sandbox> sandboxes = new ArrayList<>(1);
    private final List<MemoryContainer> containers = new ArrayList<>(1);
    private final Map<String, MemoryVolume> volumes = new HashMap<>();

    PodRecord(Owner owner, PodKey pod) {
        this.owner = owner;
        this.pod = pod;
    }

    Owner owner() {
        return owner;
    }

    PodKey pod() {
        return pod;
    }

    List<Sandbox> sandboxes() {
        return sandboxes;
    }

    List<MemoryContainer> containers() {
        return containers;
    }

    Map<String, MemoryVolume> volumes() {
        return volumes;
    }

    Optional<Sandbox> sandbox(int attempt) {
        return sandboxes.stream().filter(one -> one.spec().attempt() == attempt).findFirst();
    }

    Optional<MemoryContainer> container(String name, int attempt) {
        return containers.stream()
                .filter(one -> one.spec().name().equals(name) && one.spec().attempt() == attempt)
                .findFirst();
    }

    boolean empty() {
        return sandboxes.isEmpty() && containers.isEmpty() && volumes.isEmpty();
    }
}
