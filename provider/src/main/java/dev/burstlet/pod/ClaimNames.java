package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Volume;
import org.jspecify.annotations.Nullable;

/** The PersistentVolumeClaims that volumes of a pod are of, by name. */
public final class ClaimNames {
    private ClaimNames() {}

    /**
     * The claim of a volume: the one that it names, or, of a generic ephemeral volume, the one that
     * is made for it (Kubernetes: ephemeral volumes, PersistentVolumeClaim naming); null for a
     * volume of another kind.
     */
    public static @Nullable String of(String podName, Volume volume) {
        if (volume.getPersistentVolumeClaim() != null) {
            return volume.getPersistentVolumeClaim().getClaimName();
        }
        return volume.getEphemeral() == null ? null : podName + "-" + volume.getName();
    }
}
