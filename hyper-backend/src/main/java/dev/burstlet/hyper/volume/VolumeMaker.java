package dev.burstlet.hyper.volume;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.hyper.host.Linux;
import dev.burstlet.hyper.host.MountTable;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes one volume of each kind. */
final class VolumeMaker {
    private static final long MOUNT_SECONDS = 60;
    private static final String OPEN_MODE = "rwxrwxrwx";
    private static final long NO_DEVICES = Linux.MS_NOSUID | Linux.MS_NODEV;

    private VolumeMaker() {}

    static void ensure(PodDirectory pod, VolumeSpec volume) throws IOException {
        switch (volume.source()) {
            case VolumeSpec.Source.Scratch _ -> {
                Path directory = directory(pod, volume);
                if (!Files.isDirectory(directory)) {
                    makeDirectory(directory);
                    open(directory, volume.fsGroup());
                }
            }
            case VolumeSpec.Source.ScratchMemory memory -> {
                Path directory = directory(pod, volume);
                // As a kubelet's: what a container may do there is its security context's to say.
                if (tmpfs(directory, 0, size(memory.sizeLimitBytes()) + "mode=1777")
                        && volume.fsGroup() != null) {
                    Ownership.giveToGroup(directory, volume.fsGroup());
                }
            }
            case VolumeSpec.Source.Files files -> {
                Path directory = directory(pod, volume);
                if (volume.name().equals(VolumeSpec.SYSTEM)) {
                    // On disk, as a kubelet's: what a container writes there takes no memory.
                    makeDirectory(directory);
                    open(directory, null);
                } else if (tmpfs(directory, NO_DEVICES, "mode=%04o".formatted(files.mode()))
                        && volume.fsGroup() != null) {
                    Ownership.giveToGroup(directory, volume.fsGroup());
                }
            }
            case VolumeSpec.Source.HostPath hostPath -> {
                HostPaths.check(volume, hostPath);
                if (volume.fsGroup() != null) {
                    Ownership.giveTreeToGroup(
                            Path.of(hostPath.path()),
                            volume.fsGroup(),
                            volume.fsGroupOnRootMismatch());
                }
            }
            case VolumeSpec.Source.Nfs nfs -> nfs(directory(pod, volume), volume, nfs);
            case VolumeSpec.Source.Image _ -> {
                // The runtime mounts it with the container.
            }
            case VolumeSpec.Source.Named named ->
                    throw new BackendException(
                            Reason.UNSUPPORTED,
                            "volumes."
                                    + volume.name()
                                    + ": a CRI runtime has no named volumes (driver "
                                    + named.driver()
                                    + ")");
        }
    }

    private static Path directory(PodDirectory pod, VolumeSpec volume) {
        return pod.volume(volume)
                .orElseThrow(() -> new IllegalStateException(volume.name() + " has no directory"));
    }

    private static void makeDirectory(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory);
        }
    }

    /** Everyone's, as the kubelet's emptyDir, and the group's where there is one. */
    private static void open(Path directory, @Nullable Long fsGroup) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(OPEN_MODE));
        if (fsGroup != null) {
            Ownership.giveToGroup(directory, fsGroup);
        }
    }

    private static String size(long bytes) {
        return bytes > 0 ? "size=" + bytes + "," : "";
    }

    /** Whether it had to be mounted. The kernel takes milliseconds to list mounts. */
    private static boolean tmpfs(Path directory, long flags, String options) throws IOException {
        if (Files.isDirectory(directory) && MountTable.mounted(directory)) {
            return false;
        }
        makeDirectory(directory);
        Linux.mount("tmpfs", directory, "tmpfs", flags, options);
        return true;
    }

    /** By mount(8), whose own program for nfs resolves names and finds the protocol's version. */
    private static void nfs(Path directory, VolumeSpec volume, VolumeSpec.Source.Nfs nfs)
            throws IOException {
        if (MountTable.mounted(directory)) {
            return;
        }
        makeDirectory(directory);
        Process process =
                new ProcessBuilder(
                                "mount",
                                "-t",
                                "nfs",
                                "-o",
                                options(nfs),
                                "--",
                                nfs.server() + ":" + nfs.path(),
                                directory.toString())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(MOUNT_SECONDS, TimeUnit.SECONDS)) {
                throw volume.failed(Reason.TIMEOUT, "mount of " + nfs.server() + ":" + nfs.path());
            }
            if (process.exitValue() != 0) {
                String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
                throw volume.failed(Reason.ENGINE, "mount failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.TIMEOUT, "interrupted while mounting", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String options(VolumeSpec.Source.Nfs nfs) {
        List<String> options = new ArrayList<>(List.of(nfs.readOnly() ? "ro" : "rw"));
        options.addAll(nfs.options());
        return String.join(",", options);
    }

    private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;
}
