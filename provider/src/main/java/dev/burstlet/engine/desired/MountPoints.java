package dev.burstlet.engine.desired;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where containers mount volumes inside of a volume. A container cannot make these directories in
 * what is read-only for it, so they are there before it starts, as with a kubelet.
 */
final class MountPoints {
    private MountPoints() {}

    /**
     * The mount points in a volume, relative to it.
     *
     * @throws IllegalArgumentException for one among the names that the layout of published files
     *     keeps for itself
     */
    static Collection<String> within(PodSpec spec, String volume) {
        SortedSet<String> points = new TreeSet<>();
        for (PodSpecs.Member member : PodSpecs.members(spec)) {
            List<VolumeMount> mounts = member.spec().getVolumeMounts();
            for (VolumeMount inner : mounts) {
                VolumeMount outer = around(inner, mounts);
                if (outer != null && outer.getName().equals(volume) && whole(outer)) {
                    points.add(relative(inner, outer));
                }
            }
        }
        return points;
    }

    /** The innermost mount that a mount lies in. */
    private static @org.jspecify.annotations.Nullable VolumeMount around(
            VolumeMount inner, List<VolumeMount> mounts) {
        VolumeMount found = null;
        String path = path(inner);
        for (VolumeMount mount : mounts) {
            String outer = path(mount);
            if (path.startsWith(outer + "/")
                    && (found == null || outer.length() > path(found).length())) {
                found = mount;
            }
        }
        return found;
    }

    private static boolean whole(VolumeMount mount) {
        return Objects.requireNonNullElse(mount.getSubPath(), "").isEmpty()
                && Objects.requireNonNullElse(mount.getSubPathExpr(), "").isEmpty();
    }

    private static String relative(VolumeMount inner, VolumeMount outer) {
        String point = path(inner).substring(path(outer).length() + 1);
        if (point.startsWith("..")) {
            throw new IllegalArgumentException(
                    "pod mount point %s is invalid".formatted(inner.getMountPath()));
        }
        return point;
    }

    /** Clean, as the runtime takes it. */
    private static String path(VolumeMount mount) {
        return Mounts.clean(mount.getMountPath());
    }
}
