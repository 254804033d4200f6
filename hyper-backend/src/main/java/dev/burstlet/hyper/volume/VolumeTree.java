package dev.burstlet.hyper.volume;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.hyper.host.ConfinedDirectory;
import dev.burstlet.hyper.host.Linux;
import dev.burstlet.hyper.host.MountTable;
import dev.burstlet.hyper.host.SystemCallException;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of pods below one root directory. Published contents are in RAM only: each such
 * volume is a tmpfs, mounted here and gone with {@link #remove}. What is in the tree and what is
 * mounted is the whole state: every call looks, and does what is missing.
 */
public final class VolumeTree {
    private final Path root;
    private final AtomicFiles atomicFiles;
    private final SubPaths subPaths = new SubPaths();

    /** Whether the root is on a shared mount; null until a pod has asked. */
    private volatile @Nullable Boolean shared;

    public VolumeTree(Path root, InstantSource clock) {
        this.root = root.toAbsolutePath().normalize();
        this.atomicFiles = new AtomicFiles(clock);
    }

    public Path root() {
        return root;
    }

    /** Makes a pod's volumes; those that exist are left alone. */
    public void ensure(Owner owner, PodKey pod, List<VolumeSpec> volumes) {
        PodDirectory directory = PodDirectory.of(root, pod.uid());
        try {
            boolean fresh = !Files.exists(directory.path());
            directory.writeIdentity(owner, pod);
            if (fresh) {
                share(directory.path());
            }
            for (VolumeSpec volume : volumes) {
                VolumeMaker.ensure(directory, volume);
            }
        } catch (IOException e) {
            throw failed("volumes of pod " + pod, e);
        }
    }

    /**
     * What is mounted into a pod's directory once its sandbox runs, as subPaths are, has to be seen
     * by runtimes that have a mount namespace for each sandbox (Kata), also where the host's mounts
     * are private. Taken away with the pod's other mounts.
     */
    private void share(Path directory) throws IOException {
        @Nullable Boolean known = shared;
        if (known == null) {
            known = MountTable.shared(directory);
            shared = known;
        }
        if (!known) {
            Linux.mount(directory.toString(), directory, "none", Linux.MS_BIND, "");
            Linux.mount("none", directory, "none", Linux.MS_SHARED, "");
        }
    }

    public void publish(PodKey pod, List<Publication> publications) {
        PodDirectory directory = PodDirectory.of(root, pod.uid());
        for (Publication publication : publications) {
            Path volume =
                    directory
                            .existing(publication.volume())
                            .orElseThrow(() -> missing(pod, publication.volume()));
            try {
                if (publication.atomic()) {
                    atomicFiles.replace(volume, publication);
                } else {
                    PlainFiles.write(volume, publication.files());
                }
            } catch (IOException e) {
                throw failed("contents of volume " + publication.volume() + " of pod " + pod, e);
            }
        }
    }

    /** At most so many bytes of a regular file; empty where there is none. */
    public Optional<byte[]> read(PodKey pod, String volume, String path, int limitBytes) {
        Optional<Path> directory = PodDirectory.of(root, pod.uid()).existing(volume);
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        try (ConfinedDirectory confined = new ConfinedDirectory(directory.get());
                ConfinedDirectory.Opened opened = confined.open(relative(path))) {
            if (!Files.isRegularFile(opened.path())) {
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(opened.path())) {
                return Optional.of(in.readNBytes(limitBytes));
            }
        } catch (SystemCallException e) {
            if (e.number() == Linux.ENOENT) {
                return Optional.empty();
            }
            throw new BackendException(Reason.INVALID, volume + "/" + path + ": " + e.getMessage());
        } catch (IOException e) {
            throw failed(volume + "/" + path + " of pod " + pod, e);
        }
    }

    /**
     * The path of the host to mount for one of a container's mounts. For a subPath it is a bind of
     * the very inode that was opened, so that links swapped in later lead nowhere.
     */
    public Path mountSource(
            PodKey pod, String container, VolumeSpec volume, ContainerSpec.Mount mount, int index) {
        PodDirectory directory = PodDirectory.of(root, pod.uid());
        Path source =
                volume.source() instanceof VolumeSpec.Source.HostPath hostPath
                        ? Path.of(hostPath.path())
                        : directory.volume(volume).orElseThrow(() -> missing(pod, volume.name()));
        if (mount.subPath().isEmpty()) {
            return source;
        }
        try {
            return subPaths.bind(
                    source,
                    relative(mount.subPath()),
                    directory.subPaths(container).resolve(volume.name() + "-" + index));
        } catch (IOException e) {
            throw new BackendException(Reason.SUB_PATH, mount.volume(), e);
        }
    }

    /** Where a pod's volume is on this host; empty for one that is not made here. */
    public Optional<Path> directory(PodKey pod, VolumeSpec volume) {
        return PodDirectory.of(root, pod.uid()).volume(volume);
    }

    /** The directories of a pod's emptyDirs on disk, by volume name. */
    public Map<String, Path> scratch(PodKey pod) {
        Path directory = PodDirectory.of(root, pod.uid()).scratch();
        if (!Files.isDirectory(directory)) {
            return Map.of();
        }
        Map<String, Path> found = new HashMap<>();
        try (Stream<Path> volumes = Files.list(directory)) {
            for (Path volume : volumes.toList()) {
                if (!MountTable.mounted(volume)) {
                    found.put(volume.getFileName().toString(), volume);
                }
            }
        } catch (IOException e) {
            throw failed("volumes of pod " + pod, e);
        }
        return found;
    }

    /** Takes away the binds that a container's subPaths needed. */
    public void releaseSubPaths(PodKey pod, String container) {
        Path directory = PodDirectory.of(root, pod.uid()).subPaths(container);
        try {
            unmountBeneath(directory);
            delete(directory);
        } catch (IOException e) {
            throw failed("subPaths of pod " + pod, e);
        }
    }

    public List<PodKey> list(Owner owner) {
        Path pods = root.resolve("pods");
        if (!Files.isDirectory(pods)) {
            return List.of();
        }
        List<PodKey> found = new ArrayList<>();
        try (Stream<Path> directories = Files.list(pods)) {
            for (Path directory : directories.toList()) {
                new PodDirectory(directory).identity(owner).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw failed("volumes", e);
        }
        return found;
    }

    /** Unmounts all of a pod's volumes, and removes what they held for it alone. */
    public void release(Owner owner, PodKey pod) {
        remove(owner, pod, PodDirectory::volumes);
    }

    /** Unmounts and removes all of a pod's volumes. */
    public void remove(Owner owner, PodKey pod) {
        remove(owner, pod, PodDirectory::path);
    }

    private void remove(Owner owner, PodKey pod, Function<PodDirectory, Path> part) {
        PodDirectory directory = PodDirectory.of(root, pod.uid());
        try {
            if (Files.exists(directory.path()) && directory.identity(owner).isEmpty()) {
                throw new BackendException(
                        Reason.CONFLICT, "the volumes of pod " + pod + " are another node's");
            }
            unmountBeneath(directory.path());
            delete(part.apply(directory));
        } catch (IOException e) {
            throw failed("volumes of pod " + pod, e);
        }
    }

    private static void unmountBeneath(Path directory) throws IOException {
        for (Path mount : MountTable.beneath(directory)) {
            Linux.unmount(mount);
        }
        List<Path> left = MountTable.beneath(directory);
        if (!left.isEmpty()) {
            throw new IOException("still mounted: " + left);
        }
    }

    /** Deletes without following links; nothing is mounted below any more. */
    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static String relative(String path) {
        String trimmed = path;
        while (trimmed.startsWith("/")) {
            trimmed = trimmed.substring(1);
        }
        return trimmed;
    }

    private static BackendException missing(PodKey pod, String volume) {
        return new BackendException(
                Reason.NOT_FOUND, "pod " + pod + " has no volume " + volume + " here");
    }

    private static BackendException failed(String what, IOException e) {
        return new BackendException(Reason.ENGINE, what + ": " + e.getMessage(), e);
    }
}
