package dev.burstlet.container;

import dev.burstlet.pod.BackendException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod's volume as the engine makes it.
 *
 * @param name unique within the pod
 * @param fsGroup the group that owns new contents, with the setgid bit on directories; or null
 * @param fsGroupOnRootMismatch change ownership only where the root's differs
 */
public record VolumeSpec(
        String name, Source source, @Nullable Long fsGroup, boolean fsGroupOnRootMismatch) {
    /**
     * The volume of the files that the node itself gives a pod: its hosts file, its containers'
     * last words. No container mounts more of it than single files, by subPath.
     */
    public static final String SYSTEM = "_system";

    /** What is wrong with this volume, named as a kubelet's events name it. */
    public BackendException failed(BackendException.Reason reason, String cause) {
        return new BackendException(reason, "volume \"%s\" : %s".formatted(name, cause));
    }

    /** Whether a message is of {@link #failed}. */
    public static boolean isNamedIn(String message) {
        return message.startsWith("volume \"");
    }

    /** What it is. */
    public sealed interface Source {
        /** An empty directory on disk, mode 0777. */
        record Scratch(long sizeLimitBytes) implements Source {}

        /** An empty directory in RAM, mode 0777; 0 is no limit but the host's. */
        record ScratchMemory(long sizeLimitBytes) implements Source {}

        /**
         * Published contents, in RAM only.
         *
         * @param mode of the volume's directory
         */
        record Files(int mode) implements Source {
            public Files() {
                this(0777);
            }
        }

        /** A path of the host. */
        record HostPath(String path, HostPathType type) implements Source {}

        /**
         * An NFS export that the host mounts.
         *
         * @param options of the mount, as a PersistentVolume's {@code mountOptions}
         */
        record Nfs(String server, String path, boolean readOnly, List<String> options)
                implements Source {
            public Nfs {
                options = List.copyOf(options);
            }
        }

        /** An image's file system, read only. */
        record Image(String reference, String imageId) implements Source {}

        /** A volume of the engine's own that outlives the pod. */
        record Named(String driver, String name, Map<String, String> options) implements Source {
            public Named {
                options = Map.copyOf(options);
            }
        }
    }

    /** As the API's hostPath.type. */
    public enum HostPathType {
        UNSET,
        DIRECTORY_OR_CREATE,
        DIRECTORY,
        FILE_OR_CREATE,
        FILE,
        SOCKET,
        CHAR_DEVICE,
        BLOCK_DEVICE
    }
}
