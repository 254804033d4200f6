package dev.burstlet.engine.desired;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import dev.burstlet.pod.Support;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.NFSVolumeSource;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's volumes as an engine is to make them. */
final class Volumes {
    private final EngineInfo info;
    private final TranslationSettings settings;

    Volumes(EngineInfo info, TranslationSettings settings) {
        this.info = info;
        this.settings = settings;
    }

    /**
     * All volumes, the system's own first.
     *
     * @param images what the references of image volumes name on the engine, by volume name
     */
    List<VolumeSpec> of(PodBundle bundle, Map<String, ImageInfo> images) {
        List<VolumeSpec> volumes = new ArrayList<>();
        volumes.add(new VolumeSpec(PodTranslator.SYSTEM_VOLUME, new Source.Files(), null, false));
        for (Volume volume : bundle.pod().getSpec().getVolumes()) {
            Source source = source(bundle, volume, images.get(volume.getName()));
            volumes.add(withGroup(bundle, volume, source));
        }
        return List.copyOf(volumes);
    }

    /** Those that a kubelet measures. */
    List<VolumeSpec> measured(PodBundle bundle) {
        List<VolumeSpec> measured = new ArrayList<>();
        for (Volume volume : bundle.pod().getSpec().getVolumes()) {
            Source source = source(bundle, volume, null);
            boolean told =
                    switch (source) {
                        case Source.HostPath _ -> Claims.local(bundle, volume);
                        case Source.Image _ -> false;
                        case Source.Scratch _,
                                Source.ScratchMemory _,
                                Source.Files _,
                                Source.Nfs _,
                                Source.Named _ ->
                                true;
                    };
            if (told) {
                measured.add(withGroup(bundle, volume, source));
            }
        }
        return List.copyOf(measured);
    }

    /** Whether every mount of a volume is read-only, whatever the mount says. */
    static boolean readOnly(PodBundle bundle, Volume volume) {
        if (Contents.published(volume) || volume.getImage() != null) {
            return true;
        }
        if (volume.getNfs() != null) {
            return Boolean.TRUE.equals(volume.getNfs().getReadOnly());
        }
        return Claims.readOnly(bundle, volume);
    }

    /** The kubelet hands over what it manages itself and local disks: no path, no export. */
    private static VolumeSpec withGroup(PodBundle bundle, Volume volume, Source source) {
        PodSecurityContext context = Security.podContext(bundle.pod().getSpec());
        boolean owned =
                switch (source) {
                    case Source.Scratch _, Source.ScratchMemory _, Source.Files _, Source.Named _ ->
                            true;
                    case Source.HostPath _ ->
                            Claims.local(bundle, volume) && !readOnly(bundle, volume);
                    case Source.Nfs _, Source.Image _ -> false;
                };
        return new VolumeSpec(
                volume.getName(),
                source,
                owned ? context.getFsGroup() : null,
                "OnRootMismatch".equals(context.getFsGroupChangePolicy()));
    }

    private Source source(PodBundle bundle, Volume volume, @Nullable ImageInfo image) {
        if (Contents.published(volume)) {
            // What a kubelet keeps in RAM has the mode of a tmpfs.
            return volume.getConfigMap() == null ? new Source.Files(01777) : new Source.Files();
        }
        if (volume.getHostPath() != null) {
            return hostPath(volume.getName(), volume.getHostPath());
        }
        if (volume.getNfs() != null) {
            return nfs(volume.getNfs(), List.of());
        }
        if (volume.getPersistentVolumeClaim() != null || volume.getEphemeral() != null) {
            return new Claims(bundle, settings).source(volume);
        }
        if (volume.getImage() != null) {
            if (!info.features().contains(EngineInfo.Feature.IMAGE_VOLUMES)) {
                throw new VolumeNotReadyException(
                        volume.getName(), "image volumes are not supported by this host's engine");
            }
            return new Source.Image(
                    volume.getImage().getReference(), image == null ? "" : image.id());
        }
        String refused = Support.refusedVolume(volume);
        if (refused != null) {
            throw new VolumeNotReadyException(volume.getName(), refused);
        }
        return emptyDir(bundle, volume.getName(), volume.getEmptyDir());
    }

    private Source emptyDir(
            PodBundle bundle, String name, @Nullable EmptyDirVolumeSource emptyDir) {
        String medium =
                emptyDir == null || emptyDir.getMedium() == null ? "" : emptyDir.getMedium();
        long limit = emptyDir == null ? 0 : Quantities.whole(emptyDir.getSizeLimit());
        return switch (medium) {
            case "" -> new Source.Scratch(limit);
            case "Memory" -> new Source.ScratchMemory(memoryLimit(bundle, limit));
            default ->
                    throw new VolumeNotReadyException(
                            name, "emptyDir.medium %s is not supported".formatted(medium));
        };
    }

    /** The least of the node's allocatable memory, the pod's limit and the volume's own. */
    private long memoryLimit(PodBundle bundle, long own) {
        long least = Quantities.whole(bundle.node().allocatable().get(PodResources.MEMORY));
        least = least > 0 ? least : info.memoryBytes();
        long pod = Limits.sandbox(bundle.pod().getSpec(), 0).memoryBytes();
        least = pod > 0 ? Math.min(least, pod) : least;
        return own > 0 ? Math.min(least, own) : least;
    }

    static Source hostPath(String volume, HostPathVolumeSource source) {
        String type = source.getType() == null ? "" : source.getType();
        HostPathType known =
                switch (type) {
                    case "" -> HostPathType.UNSET;
                    case "DirectoryOrCreate" -> HostPathType.DIRECTORY_OR_CREATE;
                    case "Directory" -> HostPathType.DIRECTORY;
                    case "FileOrCreate" -> HostPathType.FILE_OR_CREATE;
                    case "File" -> HostPathType.FILE;
                    case "Socket" -> HostPathType.SOCKET;
                    case "CharDevice" -> HostPathType.CHAR_DEVICE;
                    case "BlockDevice" -> HostPathType.BLOCK_DEVICE;
                    default ->
                            throw new VolumeNotReadyException(
                                    volume, "hostPath.type %s is not known".formatted(type));
                };
        return new Source.HostPath(source.getPath(), known);
    }

    static Source nfs(NFSVolumeSource source, List<String> options) {
        return new Source.Nfs(
                source.getServer(),
                source.getPath(),
                Boolean.TRUE.equals(source.getReadOnly()),
                options);
    }
}
