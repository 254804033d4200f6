package dev.burstlet.hyper.cri;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Resources;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.hyper.proto.cri.ContainerConfig;
import dev.burstlet.hyper.proto.cri.ContainerMetadata;
import dev.burstlet.hyper.proto.cri.ImageSpec;
import dev.burstlet.hyper.proto.cri.KeyValue;
import dev.burstlet.hyper.proto.cri.LinuxContainerConfig;
import dev.burstlet.hyper.proto.cri.Mount;
import dev.burstlet.hyper.proto.cri.MountPropagation;
import dev.burstlet.hyper.volume.VolumeTree;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Containers in the CRI's terms. */
final class ContainerConfigs {
    /** What a runtime does not keep for us; annotations come back with a container's status. */
    static final String IMAGE = "dev.burstlet.image";

    static final String STOP_SIGNAL = "dev.burstlet.stop-signal";
    static final String RESOURCES = "dev.burstlet.resources";

    private final Translation translation;
    private final VolumeTree volumes;

    ContainerConfigs(Translation translation, VolumeTree volumes) {
        this.translation = translation;
        this.volumes = volumes;
    }

    static String logPath(ContainerSpec spec) {
        return spec.name() + "/" + spec.attempt() + ".log";
    }

    ContainerConfig config(ContainerSpec spec, RuntimeFacts facts, String imageUser) {
        check(spec, facts);
        return ContainerConfig.newBuilder()
                .setMetadata(
                        ContainerMetadata.newBuilder()
                                .setName(spec.name())
                                .setAttempt(spec.attempt()))
                .setImage(
                        ImageSpec.newBuilder()
                                .setImage(spec.imageId())
                                .setUserSpecifiedImage(spec.image()))
                .addAllCommand(spec.command())
                .addAllArgs(spec.args())
                .setWorkingDir(spec.workingDir())
                .addAllEnvs(envs(spec.env()))
                .addAllMounts(mounts(spec))
                .putAllLabels(spec.labels())
                .putAllAnnotations(annotations(spec))
                .setLogPath(logPath(spec))
                .setStdin(spec.stdin())
                .setStdinOnce(spec.stdinOnce())
                .setTty(spec.tty())
                .setLinux(
                        LinuxContainerConfig.newBuilder()
                                .setResources(Translation.resources(spec.resources()))
                                .setSecurityContext(
                                        translation.security().container(spec, imageUser)))
                .build();
    }

    private static void check(ContainerSpec spec, RuntimeFacts facts) {
        if (!spec.stopSignal().isEmpty()) {
            if (!facts.containerd()) {
                throw new BackendException(
                        Reason.UNSUPPORTED,
                        "lifecycle.stopSignal: not supported over " + facts.name());
            }
            StopSignals.number(spec.stopSignal());
        }
    }

    private static Map<String, String> annotations(ContainerSpec spec) {
        Map<String, String> annotations = new HashMap<>(spec.annotations());
        annotations.put(IMAGE, spec.image());
        annotations.put(RESOURCES, write(spec.resources()));
        if (!spec.stopSignal().isEmpty()) {
            annotations.put(STOP_SIGNAL, spec.stopSignal());
        }
        return annotations;
    }

    static String write(Resources resources) {
        return resources.cpuShares()
                + " "
                + resources.cpuQuotaMicros()
                + " "
                + resources.cpuPeriodMicros()
                + " "
                + resources.memoryBytes()
                + " "
                + resources.oomScoreAdj()
                + " "
                + resources.pids();
    }

    static Resources read(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 6) {
            return Resources.NONE;
        }
        return new Resources(
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Integer.parseInt(parts[4]),
                Long.parseLong(parts[5]));
    }

    private static List<KeyValue> envs(List<ContainerSpec.EnvVar> env) {
        Map<String, String> last = new LinkedHashMap<>();
        env.forEach(variable -> last.put(variable.name(), variable.value()));
        return last.entrySet().stream()
                .map(entry ->
                        KeyValue.newBuilder()
                                .setKey(entry.getKey())
                                .setValue(entry.getValue())
                                .build())
                .toList();
    }

    private List<Mount> mounts(ContainerSpec spec) {
        Map<String, VolumeSpec> byName = new HashMap<>();
        spec.sandbox().volumes().forEach(volume -> byName.put(volume.name(), volume));
        List<Mount> mounts = new ArrayList<>();
        for (int i = 0; i < spec.mounts().size(); i++) {
            ContainerSpec.Mount mount = spec.mounts().get(i);
            @Nullable VolumeSpec volume = byName.get(mount.volume());
            if (volume == null) {
                throw new BackendException(
                        Reason.INVALID,
                        "volumeMounts: the pod has no volume named " + mount.volume());
            }
            mounts.add(mount(spec, mount, volume, i));
        }
        return mounts;
    }

    private Mount mount(
            ContainerSpec spec, ContainerSpec.Mount mount, VolumeSpec volume, int index) {
        return volume.source() instanceof VolumeSpec.Source.Image image
                ? ofImage(mount, image)
                : ofHost(spec, mount, volume, index);
    }

    /** The runtime mounts the image itself, read only, or what is below one of its paths. */
    private static Mount ofImage(ContainerSpec.Mount mount, VolumeSpec.Source.Image image) {
        return Mount.newBuilder()
                .setContainerPath(mount.containerPath())
                .setImage(
                        ImageSpec.newBuilder()
                                .setImage(image.imageId())
                                .setUserSpecifiedImage(image.reference()))
                .setImageSubPath(mount.subPath())
                .setReadonly(true)
                .build();
    }

    private Mount ofHost(
            ContainerSpec spec, ContainerSpec.Mount mount, VolumeSpec volume, int index) {
        return Mount.newBuilder()
                .setContainerPath(mount.containerPath())
                .setHostPath(
                        volumes.mountSource(
                                        spec.pod(),
                                        spec.name() + "-" + spec.attempt(),
                                        volume,
                                        mount,
                                        index)
                                .toString())
                .setReadonly(mount.readOnly())
                .setRecursiveReadOnly(mount.recursiveReadOnly())
                .setSelinuxRelabel(relabel(volume))
                .setPropagation(propagation(mount.propagation()))
                .build();
    }

    /** Never what is the host's own. */
    private static boolean relabel(VolumeSpec volume) {
        return !(volume.source() instanceof VolumeSpec.Source.HostPath);
    }

    private static MountPropagation propagation(ContainerSpec.Propagation propagation) {
        return switch (propagation) {
            case NONE -> MountPropagation.PROPAGATION_PRIVATE;
            case HOST_TO_CONTAINER -> MountPropagation.PROPAGATION_HOST_TO_CONTAINER;
            case BIDIRECTIONAL -> MountPropagation.PROPAGATION_BIDIRECTIONAL;
        };
    }
}
