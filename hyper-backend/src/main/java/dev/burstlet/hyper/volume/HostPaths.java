package dev.burstlet.hyper.volume;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source.HostPath;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The checks of hostPath.type, as the kubelet makes them before a container may start. */
final class HostPaths {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private HostPaths() {}

    static void check(VolumeSpec volume, HostPath hostPath) throws IOException {
        Path path = Path.of(hostPath.path());
        if (!path.isAbsolute() || !path.equals(path.normalize())) {
            throw volume.failed(
                    Reason.INVALID, "hostPath.path " + path + " must be absolute and without ..");
        }
        switch (hostPath.type()) {
            case UNSET -> {
                // As the kubelet: not looked at; the runtime makes a directory of what is missing.
            }
            case DIRECTORY_OR_CREATE -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                    Ownership.mode(path, DIRECTORY_MODE);
                }
                require(volume, Files.isDirectory(path), path, "a directory");
            }
            case DIRECTORY -> require(volume, Files.isDirectory(path), path, "a directory");
            case FILE_OR_CREATE -> {
                if (!Files.exists(path)) {
                    createFile(volume, path);
                }
                require(volume, Files.isRegularFile(path), path, "a file");
            }
            case FILE -> require(volume, Files.isRegularFile(path), path, "a file");
            case SOCKET -> require(volume, isA(path, SOCKET), path, "a socket file");
            case CHAR_DEVICE -> require(volume, isA(path, CHARACTER), path, "a character device");
            case BLOCK_DEVICE -> require(volume, isA(path, BLOCK), path, "a block device");
        }
    }

    private static void createFile(VolumeSpec volume, Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (NoSuchFileException e) {
            throw volume.failed(Reason.INVALID, "open " + path + ": no such file or directory");
        }
        Ownership.mode(path, FILE_MODE);
    }

    private static boolean isA(Path path, int type) throws IOException {
        return Files.exists(path)
                && (((Integer) Files.getAttribute(path, "unix:mode")) & TYPE) == type;
    }

    private static void require(VolumeSpec volume, boolean holds, Path path, String what) {
        if (!holds) {
            throw volume.failed(
                    Reason.INVALID, "hostPath type check failed: " + path + " is not " + what);
        }
    }
}
