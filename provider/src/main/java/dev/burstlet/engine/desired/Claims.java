package dev.burstlet.engine.desired;

import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.pod.ClaimNames;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Persistent volumes that a remote host can mount by itself: nfs, hostPath, local, and volumes of a
 * driver of the engine, which an annotation of the persistent volume or its class names.
 */
final class Claims {
    /** The engine's volume driver, on a PersistentVolume; {@code local} is Docker's own. */
    static final String DRIVER = "burstlet.dev/volume-driver";

    /** Options of the driver: {@code burstlet.dev/volume-option.NAME}. */
    static final String OPTION = "burstlet.dev/volume-option.";

    private final PodBundle bundle;
    private final TranslationSettings settings;

    Claims(PodBundle bundle, TranslationSettings settings) {
        this.bundle = bundle;
        this.settings = settings;
    }

    Source source(Volume volume) {
        String name = volume.getName();
        PersistentVolume bound = bound(volume);
        PersistentVolumeSpec spec = bound.getSpec();
        if ("Block".equals(spec.getVolumeMode())) {
            throw new VolumeNotReadyException(name, "volumeMode Block is not supported");
        }
        String driver = driver(bound);
        if (driver != null) {
            return new Source.Named(driver, bound.getMetadata().getName(), options(bound));
        }
        if (spec.getNfs() != null) {
            return Volumes.nfs(spec.getNfs(), spec.getMountOptions());
        }
        if (!spec.getMountOptions().isEmpty()) {
            throw unsupported(name, bound, "mountOptions");
        }
        if (spec.getHostPath() != null) {
            return Volumes.hostPath(name, spec.getHostPath());
        }
        if (spec.getLocal() != null) {
            return new Source.HostPath(spec.getLocal().getPath(), HostPathType.DIRECTORY);
        }
        throw unsupported(name, bound, spec.getCsi() == null ? "its source" : "csi");
    }

    /**
     * Whether a volume is a claim that the pod has read-only, or whose persistent volume is; false
     * while that is not known.
     */
    static boolean readOnly(PodBundle bundle, Volume volume) {
        if (volume.getPersistentVolumeClaim() != null
                && Boolean.TRUE.equals(volume.getPersistentVolumeClaim().getReadOnly())) {
            return true;
        }
        PersistentVolume found = found(bundle, volume);
        return found != null
                && found.getSpec().getNfs() != null
                && Boolean.TRUE.equals(found.getSpec().getNfs().getReadOnly());
    }

    /** The persistent volume of a claim; null while it is not known, or for no claim. */
    private static @Nullable PersistentVolume found(PodBundle bundle, Volume volume) {
        String claim = ClaimNames.of(bundle.key().name(), volume);
        return claim != null
                        && bundle.volumes().get(claim)
                                instanceof Reference.Present<PersistentVolume>(PersistentVolume pv)
                ? pv
                : null;
    }

    /** Whether a volume is a claim of a local disk. */
    static boolean local(PodBundle bundle, Volume volume) {
        PersistentVolume found = found(bundle, volume);
        return found != null && found.getSpec().getLocal() != null;
    }

    /** The volumes that only one pod may use, by the names that this pod has for them. */
    static Map<String, String> ofOnePod(PodBundle bundle) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Volume volume : bundle.pod().getSpec().getVolumes()) {
            PersistentVolume pv = found(bundle, volume);
            if (pv != null && pv.getSpec().getAccessModes().contains("ReadWriteOncePod")) {
                found.put(volume.getName(), pv.getMetadata().getName());
            }
        }
        return found;
    }

    private PersistentVolume bound(Volume of) {
        String volume = of.getName();
        String claimName = String.valueOf(ClaimNames.of(bundle.key().name(), of));
        String full = bundle.key().namespace() + "/" + claimName;
        PersistentVolumeClaim claim =
                present(
                        volume,
                        bundle.claims().get(claimName),
                        "error processing PVC %s: failed to fetch PVC from API server: persistentvolumeclaims \"%s\" not found"
                                .formatted(full, claimName));
        if (of.getEphemeral() != null) {
            requireOwned(volume, claim, full);
        }
        String name = claim.getSpec().getVolumeName();
        boolean isBound =
                name != null
                        && !name.isEmpty()
                        && claim.getStatus() != null
                        && "Bound".equals(claim.getStatus().getPhase());
        if (!isBound) {
            throw new VolumeNotReadyException(
                    volume, "error processing PVC %s: PVC is not bound".formatted(full));
        }
        PersistentVolume bound =
                present(
                        volume,
                        bundle.volumes().get(claimName),
                        "failed to fetch PV \"%s\" from API server: persistentvolumes \"%s\" not found"
                                .formatted(name, name));
        var claimRef = bound.getSpec().getClaimRef();
        if (claimRef == null
                || (claimRef.getUid() != null
                        && !claimRef.getUid().equals(claim.getMetadata().getUid()))) {
            throw new VolumeNotReadyException(
                    volume,
                    "PV \"%s\" is not bound to PVC %s"
                            .formatted(bound.getMetadata().getName(), full));
        }
        return bound;
    }

    /** A claim that happens to have the name is another's data. */
    private void requireOwned(String volume, PersistentVolumeClaim claim, String full) {
        boolean owned =
                claim.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                Boolean.TRUE.equals(owner.getController())
                                        && bundle.key().uid().equals(owner.getUid()));
        if (!owned) {
            throw new VolumeNotReadyException(
                    volume,
                    "PVC %s was not created for pod %s/%s (pod is not owner)"
                            .formatted(full, bundle.key().namespace(), bundle.key().name()));
        }
    }

    private @Nullable String driver(PersistentVolume volume) {
        String annotated = annotations(volume).get(DRIVER);
        if (annotated != null && !annotated.isEmpty()) {
            return annotated;
        }
        String storageClass = volume.getSpec().getStorageClassName();
        return storageClass == null ? null : settings.volumeDrivers().get(storageClass);
    }

    private static Map<String, String> options(PersistentVolume volume) {
        Map<String, String> options = new LinkedHashMap<>();
        annotations(volume)
                .forEach((key, value) -> {
                    if (key.startsWith(OPTION)) {
                        options.put(key.substring(OPTION.length()), value);
                    }
                });
        return options;
    }

    private static Map<String, String> annotations(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    private static <T> T present(String volume, @Nullable Reference<T> reference, String missing) {
        return switch (reference) {
            case Reference.Present<T>(T value) -> value;
            case Reference.Unreadable<T>(String message) ->
                    throw new VolumeNotReadyException(volume, message);
            case Reference.Missing<T> _ -> throw new VolumeNotReadyException(volume, missing);
            case null -> throw new VolumeNotReadyException(volume, missing);
        };
    }

    private static VolumeNotReadyException unsupported(
            String volume, PersistentVolume bound, String what) {
        return new VolumeNotReadyException(
                volume,
                "persistent volume \"%s\": %s is not supported; nfs, hostPath, local or the annotation %s are"
                        .formatted(bound.getMetadata().getName(), what, DRIVER));
    }
}
