package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.container.memory.file.Credentials;
import dev.burstlet.container.memory.file.FileException;
import dev.burstlet.container.memory.file.FileView;
import dev.burstlet.container.memory.file.Inode;
import dev.burstlet.container.memory.file.Inode.Directory;
import dev.burstlet.container.memory.file.Inode.RegularFile;
import dev.burstlet.container.memory.file.Tree;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A host's directories, and the volumes made of them. */
final class MemoryVolumes {
    private final MemoryHost host;
    private final Tree hostRoot = Tree.of(new Directory(0755, 0, 0), 0);
    private final FileView hostFiles;
    private final Map<String, Directory> shared = new HashMap<>();

    MemoryVolumes(MemoryHost host) {
        this.host = host;
        this.hostFiles = new FileView(host.fileLock(), hostRoot);
    }

    /** The host's own files, which hostPath volumes are of. */
    FileView hostFiles() {
        return hostFiles;
    }

    MemoryVolume make(VolumeSpec spec) {
        try {
            return switch (spec.source()) {
                case Source.Scratch scratch -> scratch(spec, scratch.sizeLimitBytes(), false);
                case Source.ScratchMemory memory -> scratch(spec, memory.sizeLimitBytes(), true);
                case Source.Files files -> files(spec, files.mode());
                case Source.HostPath path ->
                        new MemoryVolume(spec, hostPath(spec, path.path(), path.type()), false);
                case Source.Nfs nfs -> nfs(spec, nfs);
                case Source.Image image -> image(spec, image);
                case Source.Named named ->
                        new MemoryVolume(
                                spec,
                                Tree.of(shared("named " + named.driver() + ":" + named.name()), 0),
                                false);
            };
        } catch (FileException e) {
            throw new BackendException(
                    Reason.INVALID, "volume " + spec.name() + ": " + e.getMessage(), e);
        }
    }

    private Directory shared(String key) {
        synchronized (host.fileLock()) {
            return shared.computeIfAbsent(key, _ -> new Directory(0777, 0, 0));
        }
    }

    private static MemoryVolume scratch(VolumeSpec spec, long limit, boolean memory) {
        return new MemoryVolume(spec, Tree.of(root(spec, 0777), limit), memory);
    }

    private static MemoryVolume files(VolumeSpec spec, int mode) {
        return new MemoryVolume(spec, Tree.of(root(spec, mode), 0), true);
    }

    private static Directory root(VolumeSpec spec, int mode) {
        @Nullable Long group = spec.fsGroup();
        return group == null ? new Directory(mode, 0, 0) : new Directory(mode | 02000, 0, group);
    }

    private MemoryVolume nfs(VolumeSpec spec, Source.Nfs nfs) {
        Tree tree = Tree.of(shared("nfs " + nfs.server() + ":" + nfs.path()), 0);
        return new MemoryVolume(spec, tree.at(tree.root(), nfs.readOnly()), false);
    }

    private MemoryVolume image(VolumeSpec spec, Source.Image image) {
        if (host.images().find(image.imageId()).isEmpty()) {
            throw new BackendException(Reason.NOT_FOUND, "no such image: " + image.reference());
        }
        Tree tree = Tree.of(new Directory(0755, 0, 0), 0);
        return new MemoryVolume(spec, tree.at(tree.root(), true), false);
    }

    private Tree hostPath(VolumeSpec spec, String path, HostPathType type) throws FileException {
        Optional<Inode> there = hostFiles.find(path);
        switch (type) {
            case UNSET, DIRECTORY_OR_CREATE -> {
                if (there.isEmpty()) {
                    return hostFiles.ensureDirectory(path, 0755);
                }
            }
            case FILE_OR_CREATE -> {
                if (there.isEmpty()) {
                    return newFile(path);
                }
            }
            case DIRECTORY, FILE, SOCKET, CHAR_DEVICE, BLOCK_DEVICE -> {}
        }
        boolean right =
                switch (type) {
                    case UNSET -> true;
                    case DIRECTORY, DIRECTORY_OR_CREATE -> there.orElse(null) instanceof Directory;
                    case FILE, FILE_OR_CREATE -> there.orElse(null) instanceof RegularFile;
                    case SOCKET, CHAR_DEVICE, BLOCK_DEVICE -> false;
                };
        if (!right || there.isEmpty()) {
            throw spec.failed(
                    Reason.INVALID,
                    "hostPath type check failed: " + path + " is not a " + describe(type));
        }
        return hostRoot.at(there.get(), false);
    }

    private static String describe(HostPathType type) {
        return switch (type) {
            case UNSET -> "path";
            case DIRECTORY, DIRECTORY_OR_CREATE -> "directory";
            case FILE, FILE_OR_CREATE -> "file";
            case SOCKET -> "socket file";
            case CHAR_DEVICE -> "character device";
            case BLOCK_DEVICE -> "block device";
        };
    }

    private Tree newFile(String path) throws FileException {
        try {
            hostFiles.write(path, true, Credentials.ROOT).close();
        } catch (FileException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return hostRoot.at(hostFiles.find(path).orElseThrow(), false);
    }

    /** What the sandbox's end does to a volume. */
    void sandboxEnded(MemoryVolume volume) {
        if (volume.volatileContents()) {
            synchronized (host.fileLock()) {
                volume.tree().quota().entries().clear();
            }
        }
    }

    /** The trees of a container's mounts, by path. */
    Map<String, Tree> mounts(ContainerSpec spec, Map<String, MemoryVolume> volumes) {
        Map<String, Tree> mounts = new HashMap<>();
        for (ContainerSpec.Mount mount : spec.mounts()) {
            @Nullable MemoryVolume volume = volumes.get(mount.volume());
            if (volume == null) {
                throw new BackendException(
                        Reason.NOT_FOUND, "volume " + mount.volume() + " of " + spec.pod());
            }
            mounts.put(mount.containerPath(), part(volume, mount));
        }
        return mounts;
    }

    private Tree part(MemoryVolume volume, ContainerSpec.Mount mount) {
        Tree whole = volume.tree().at(volume.tree().root(), mount.readOnly());
        if (mount.subPath().isEmpty()) {
            return whole;
        }
        FileView view = FileView.confined(host.fileLock(), volume.tree());
        try {
            Optional<Inode> there = view.find(mount.subPath());
            Tree tree =
                    there.isPresent()
                            ? whole.at(there.get(), false)
                            : view.ensureDirectory(mount.subPath(), volume.tree().root().mode());
            return tree.at(tree.root(), mount.readOnly());
        } catch (FileException e) {
            throw new BackendException(Reason.SUB_PATH, mount.volume(), e);
        }
    }

    /** At most so many bytes of a file. */
    Optional<byte[]> read(MemoryVolume volume, String path, int limit) {
        FileView view = FileView.confined(host.fileLock(), volume.tree());
        try {
            byte[] bytes = view.read(path, Credentials.ROOT);
            return Optional.of(
                    bytes.length <= limit ? bytes : java.util.Arrays.copyOf(bytes, limit));
        } catch (FileException e) {
            return Optional.empty();
        }
    }
}
