package dev.burstlet.docker.volume;

import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerSpec.Propagation;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.volume.SubPaths.Part;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The mounts of one container. */
final class ContainerMounts {
    private static final Part WHOLE = new Part(true, "");

    private final SubPaths subPaths;
    private final VolumeFeatures features;
    private final ContainerSpec spec;
    private final VolumeNames names;
    private final Map<String, VolumeSpec> volumes = new HashMap<>();
    private int pins;

    ContainerMounts(SubPaths subPaths, VolumeFeatures features, ContainerSpec spec) {
        this.subPaths = subPaths;
        this.features = features;
        this.spec = spec;
        this.names = new VolumeNames(spec.owner(), spec.pod());
        spec.sandbox().volumes().forEach(volume -> volumes.put(volume.name(), volume));
    }

    List<Mount> mounts() {
        Iterator<Part> resolved =
                subPaths.resolve(
                                spec.sandboxId(),
                                spec.mounts().stream().filter(this::inSandbox).toList())
                        .iterator();
        List<Mount> mounts = new ArrayList<>();
        for (ContainerSpec.Mount mount : spec.mounts()) {
            refuseUnsupported(mount);
            Part part = inSandbox(mount) ? resolved.next() : known(mount);
            mounts.add(mount(volume(mount), mount, part));
        }
        return mounts;
    }

    private VolumeSpec volume(ContainerSpec.Mount mount) {
        VolumeSpec volume = volumes.get(mount.volume());
        if (volume == null) {
            throw new BackendException(
                    Reason.INVALID, "volumeMounts[].name: no volume " + mount.volume());
        }
        return volume;
    }

    /** Whether it is to be seen in the sandbox what is mounted: an exec, some 45 ms. */
    private boolean inSandbox(ContainerSpec.Mount mount) {
        return !mount.subPath().isEmpty()
                && !mount.volume().equals(VolumeSpec.SYSTEM)
                && !(volume(mount).source() instanceof Source.HostPath);
    }

    private static Part known(ContainerSpec.Mount mount) {
        return mount.volume().equals(VolumeSpec.SYSTEM) ? new Part(false, mount.subPath()) : WHOLE;
    }

    private void refuseUnsupported(ContainerSpec.Mount mount) {
        if (mount.recursiveReadOnly() && !features.recursiveReadOnly()) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "volumeMounts[].recursiveReadOnly: the engine's API 1.44 is needed");
        }
    }

    private Mount mount(VolumeSpec volume, ContainerSpec.Mount mount, Part part) {
        return switch (volume.source()) {
            case Source.Files _ -> files(mount, part);
            case Source.HostPath host -> hostPath(volume, host, mount);
            case Source.Image _ -> throw DockerVolumes.noImageVolumes(volume);
            case Source.Nfs nfs -> stored(volume, mount, part, mount.readOnly() || nfs.readOnly());
            case Source.Scratch _, Source.ScratchMemory _, Source.Named _ ->
                    stored(volume, mount, part, mount.readOnly());
        };
    }

    /** Published contents: no container may write to the directories, so no link can be planted. */
    private Mount files(ContainerSpec.Mount mount, Part part) {
        boolean readOnly = mount.readOnly() || part.directory();
        String path = mount.volume() + (part.path().isEmpty() ? "" : "/" + part.path());
        return features.subpath()
                ? EngineMounts.subpath(names.files(), path, mount.containerPath(), readOnly)
                : bind(
                        subPaths.mountpoint(names.files()) + "/" + path,
                        mount,
                        readOnly,
                        Propagation.NONE);
    }

    private Mount hostPath(VolumeSpec volume, Source.HostPath host, ContainerSpec.Mount mount) {
        if (mount.subPath().isEmpty()) {
            return bind(host.path(), mount, mount.readOnly(), mount.propagation());
        }
        return stored(
                volume, mount, subPaths.resolveOnHost(names, volume, mount), mount.readOnly());
    }

    private Mount stored(
            VolumeSpec volume, ContainerSpec.Mount mount, Part part, boolean readOnly) {
        String name = names.of(volume);
        String target = mount.containerPath();
        if (part.path().isEmpty()) {
            return mount.propagation() == Propagation.NONE
                    ? EngineMounts.volume(name, target, readOnly)
                    : bind(subPaths.mountpoint(name), mount, readOnly, mount.propagation());
        }
        if (features.subpath()) {
            return EngineMounts.subpath(name, part.path(), target, readOnly);
        }
        String pin = names.pin(spec.name(), spec.attempt(), pins++);
        subPaths.createPin(pin, names, volume, part);
        return EngineMounts.volume(pin, target, readOnly);
    }

    private Mount bind(
            String source, ContainerSpec.Mount mount, boolean readOnly, Propagation propagation) {
        return EngineMounts.bind(
                source,
                mount.containerPath(),
                readOnly,
                mount.recursiveReadOnly(),
                propagation,
                features);
    }
}
