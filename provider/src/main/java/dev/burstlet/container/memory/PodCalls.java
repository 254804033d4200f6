package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.memory.file.FileException;
import dev.burstlet.container.memory.file.Tree;
import dev.burstlet.container.memory.shell.Signal;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls that make and end sandboxes, containers and volumes. */
final class PodCalls {
    private static final Duration STEP = Duration.ofMillis(100);

    private final MemoryHost host;

    PodCalls(MemoryHost host) {
        this.host = host;
    }

    String runSandbox(SandboxSpec spec) {
        if (!spec.runtimeHandler().isEmpty() && !spec.runtimeHandler().equals("memory")) {
            throw new BackendException(
                    Reason.UNSUPPORTED, "runtimeHandler: no handler " + spec.runtimeHandler());
        }
        Sandbox made;
        synchronized (host.lock()) {
            PodRecord record = host.record(spec.owner(), spec.pod());
            Optional<Sandbox> existing = record.sandbox(spec.attempt());
            if (existing.isPresent()) {
                if (existing.get().ready()) {
                    return existing.get().id();
                }
                drop(existing.get());
                record = host.record(spec.owner(), spec.pod());
            }
            requirePorts(spec);
            boolean ownNetwork = !spec.namespaces().hostNetwork();
            made =
                    new Sandbox(
                            host.newId(),
                            spec,
                            record,
                            host.now(),
                            ownNetwork ? host.addresses().take() : null);
            record.sandboxes().add(made);
            host.sandboxes().put(made.id(), made);
        }
        host.events().changed(spec.pod().uid());
        return made.id();
    }

    private void requirePorts(SandboxSpec spec) {
        if (spec.ports().isEmpty()) {
            return;
        }
        Set<String> wanted = new HashSet<>();
        spec.ports().forEach(port -> wanted.add(port.protocol() + " " + port.hostPort()));
        for (Sandbox other : host.sandboxes().values()) {
            for (SandboxSpec.PortMapping port :
                    other.ready() ? other.spec().ports() : List.<SandboxSpec.PortMapping>of()) {
                if (wanted.contains(port.protocol() + " " + port.hostPort())) {
                    throw new BackendException(
                            Reason.CONFLICT, "hostPort " + port.hostPort() + " is in use");
                }
            }
        }
    }

    void removeSandbox(String id) {
        @Nullable Sandbox sandbox = host.sandboxes().get(id);
        if (sandbox == null) {
            return;
        }
        host.end(sandbox);
        synchronized (host.lock()) {
            drop(sandbox);
            host.tidy(sandbox.record());
        }
        host.events().changed(sandbox.spec().pod().uid());
    }

    private void drop(Sandbox sandbox) {
        PodRecord record = sandbox.record();
        record.containers()
                .removeIf(container -> {
                    boolean inside = container.sandbox() == sandbox;
                    if (inside) {
                        host.containers().remove(container.id());
                    }
                    return inside;
                });
        record.sandboxes().remove(sandbox);
        host.sandboxes().remove(sandbox.id());
    }

    String createContainer(ContainerSpec spec) {
        requireAbsolute(spec);
        MemoryImage image =
                host.images()
                        .find(spec.imageId())
                        .orElseThrow(() ->
                                new BackendException(
                                        Reason.NOT_FOUND, "no such image: " + spec.image()));
        Sandbox sandbox = host.sandbox(spec.sandboxId());
        synchronized (host.lock()) {
            if (!sandbox.ready()) {
                throw new BackendException(
                        Reason.CONFLICT, "sandbox " + sandbox.id() + " does not run");
            }
            PodRecord record = sandbox.record();
            Optional<MemoryContainer> existing = record.container(spec.name(), spec.attempt());
            if (existing.isPresent()) {
                if (existing.get().sandbox() == sandbox) {
                    return existing.get().id();
                }
                record.containers().remove(existing.get());
                host.containers().remove(existing.get().id());
            }
            // A hundred thousand pods fit where each says once how its sandbox is.
            ContainerSpec kept = spec.with(sandbox.spec());
            MemoryContainer made = new MemoryContainer(host.newId(), kept, sandbox, host, image);
            Map<String, Tree> mounts = host.volumes().mounts(spec, record.volumes());
            made.surroundings().mounts(mounts);
            record.containers().add(made);
            host.containers().put(made.id(), made);
            host.events().changed(spec.pod().uid());
            return made.id();
        }
    }

    /** As Docker and the OCI runtimes. */
    private static void requireAbsolute(ContainerSpec spec) {
        for (ContainerSpec.Mount mount : spec.mounts()) {
            if (!mount.containerPath().startsWith("/")) {
                throw new BackendException(
                        Reason.INVALID,
                        "invalid mount path: '%s' mount path must be absolute"
                                .formatted(mount.containerPath()));
            }
        }
    }

    void startContainer(String id) {
        MemoryContainer container = host.container(id);
        if (!container.sandbox().ready()) {
            if (container.ended()) {
                return;
            }
            throw new BackendException(
                    Reason.CONFLICT, "sandbox " + container.sandbox().id() + " does not run");
        }
        Launch.start(container);
        if (!container.sandbox().ready()) {
            container.kill();
        }
    }

    void stopContainer(String id, Duration grace) throws InterruptedException {
        @Nullable MemoryContainer container = host.containers().get(id);
        if (container == null || !container.running()) {
            return;
        }
        @Nullable Running process = container.process();
        if (process != null && grace.isPositive()) {
            process.signal(stopSignal(container));
            if (container.awaitEnd(grace)) {
                return;
            }
        }
        do {
            container.kill();
        } while (!container.awaitEnd(STEP));
    }

    private static int stopSignal(MemoryContainer container) {
        String own = container.spec().stopSignal();
        String name = own.isEmpty() ? container.image().stopSignal() : own;
        return name.isEmpty() ? Signal.TERM : Signal.number(name).orElse(Signal.TERM);
    }

    void removeContainer(String id) {
        @Nullable MemoryContainer container = host.containers().remove(id);
        if (container == null) {
            return;
        }
        container.kill();
        container.ended(137, 9);
        synchronized (host.lock()) {
            PodRecord record = container.sandbox().record();
            record.containers().remove(container);
            host.tidy(record);
        }
        host.events().changed(container.spec().pod().uid());
    }

    void ensureVolumes(Owner owner, PodKey pod, List<VolumeSpec> volumes) {
        if (volumes.isEmpty()) {
            return;
        }
        synchronized (host.lock()) {
            PodRecord record = host.record(owner, pod);
            try {
                for (VolumeSpec spec : volumes) {
                    record.volumes().computeIfAbsent(spec.name(), _ -> host.volumes().make(spec));
                }
            } finally {
                host.tidy(record);
            }
        }
    }

    void publish(String sandboxId, PodKey pod, List<Publication> publications) {
        Sandbox sandbox = host.sandbox(sandboxId);
        if (!sandbox.ready()) {
            throw new BackendException(Reason.CONFLICT, "sandbox " + sandboxId + " does not run");
        }
        for (Publication publication : publications) {
            MemoryVolume volume = volume(sandbox, pod, publication.volume());
            try {
                synchronized (host.fileLock()) {
                    new Publisher(volume.tree()).publish(publication);
                }
            } catch (FileException e) {
                throw new BackendException(
                        Reason.ENGINE, "volume " + publication.volume() + ": " + e.getMessage(), e);
            }
        }
    }

    private MemoryVolume volume(Sandbox sandbox, PodKey pod, String name) {
        synchronized (host.lock()) {
            @Nullable MemoryVolume volume = sandbox.record().volumes().get(name);
            if (volume == null || !sandbox.spec().pod().equals(pod)) {
                throw new BackendException(Reason.NOT_FOUND, "volume " + name + " of " + pod);
            }
            return volume;
        }
    }

    Optional<byte[]> readFile(String sandboxId, PodKey pod, String name, String path, int limit) {
        @Nullable Sandbox sandbox = host.sandboxes().get(sandboxId);
        if (sandbox == null) {
            return Optional.empty();
        }
        try {
            return host.volumes().read(volume(sandbox, pod, name), path, limit);
        } catch (BackendException e) {
            return Optional.empty();
        }
    }

    List<PodKey> volumes(Owner owner) {
        return host.records(dev.burstlet.container.Filter.all(owner)).stream()
                .filter(record -> !record.volumes().isEmpty())
                .map(PodRecord::pod)
                .toList();
    }

    void releaseVolumes(Owner owner, PodKey pod) {
        host.find(owner, pod)
                .ifPresent(record -> {
                    synchronized (host.lock()) {
                        record.volumes().clear();
                    }
                });
    }

    void removeVolumes(Owner owner, PodKey pod) {
        host.find(owner, pod)
                .ifPresent(record -> {
                    synchronized (host.lock()) {
                        record.volumes().clear();
                        host.tidy(record);
                    }
                });
    }
}
