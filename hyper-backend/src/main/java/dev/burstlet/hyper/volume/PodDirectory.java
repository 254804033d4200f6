package dev.burstlet.hyper.volume;

import dev.burstlet.container.Owner;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One pod's directory, {@code <root>/pods/<uid>}, laid out as the kubelet's: Kata Containers tells
 * from the part {@code pods/<uid>/volumes/kubernetes.io~<kind>/<name>} of a path what a mount is (a
 * tmpfs in {@code empty-dir} becomes one in the machine, {@code projected} is watched for changes).
 */
record PodDirectory(Path path) {
    /** Its files are written by containers: not where a runtime would copy them. */
    static final String SYSTEM_VOLUME = VolumeSpec.SYSTEM;

    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}");
    private static final String IDENTITY = "identity";

    static PodDirectory of(Path root, String uid) {
        return new PodDirectory(root.resolve("pods").resolve(safe(uid, "metadata.uid")));
    }

    /** Where all of them are but the one of our own. */
    Path volumes() {
        return path.resolve("volumes");
    }

    /** The directory of a volume that is made here; hostPath and images have none. */
    Optional<Path> volume(VolumeSpec volume) {
        String name = safe(volume.name(), "volumes.name");
        return switch (volume.source()) {
            case VolumeSpec.Source.Scratch _ -> Optional.of(scratch().resolve(name));
            case VolumeSpec.Source.ScratchMemory _ -> Optional.of(memory().resolve(name));
            case VolumeSpec.Source.Files _ ->
                    Optional.of(name.equals(SYSTEM_VOLUME) ? system() : published(name));
            case VolumeSpec.Source.Nfs _ -> Optional.of(kind("nfs").resolve(name));
            case VolumeSpec.Source.HostPath _,
                    VolumeSpec.Source.Image _,
                    VolumeSpec.Source.Named _ ->
                    Optional.empty();
        };
    }

    /** The directory of a volume with this name, whatever its kind. */
    Optional<Path> existing(String volume) {
        if (volume.equals(SYSTEM_VOLUME)) {
            return Files.isDirectory(system()) ? Optional.of(system()) : Optional.empty();
        }
        String name = safe(volume, "volume");
        return Stream.of(kind("projected"), scratch(), memory(), kind("nfs"))
                .map(kind -> kind.resolve(name))
                .filter(Files::isDirectory)
                .findFirst();
    }

    /**
     * Where emptyDirs on disk are. Not where Kata looks for them: it would keep such a volume in
     * the machine alone, where it ends with the machine, has no size and no subPaths.
     */
    Path scratch() {
        return volumes().resolve("burstlet~empty-dir");
    }

    /** Where those in RAM are, as mounts. */
    private Path memory() {
        return kind("empty-dir");
    }

    /** Where the binds of one container's subPaths are. */
    Path subPaths(String container) {
        return path.resolve("volume-subpaths").resolve(safe(container, "containers.name"));
    }

    Path hostPathLink(String volume) {
        return path.resolve("host-paths").resolve(safe(volume, "volume"));
    }

    void writeIdentity(Owner owner, PodKey pod) throws IOException {
        Files.createDirectories(path);
        Path file = path.resolve(IDENTITY);
        String text =
                String.join(
                        "\n",
                        owner.cluster(),
                        owner.node(),
                        pod.namespace(),
                        pod.name(),
                        pod.uid());
        if (Files.exists(file)) {
            if (!Files.readString(file).equals(text)) {
                throw new BackendException(
                        Reason.CONFLICT, "the volumes of pod " + pod + " are another node's");
            }
            return;
        }
        Path draft = path.resolve(IDENTITY + ".new");
        Files.writeString(
                draft,
                text,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** The pod, where it is this owner's. */
    Optional<PodKey> identity(Owner owner) throws IOException {
        Path file = path.resolve(IDENTITY);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 5
                || !lines.get(0).equals(owner.cluster())
                || !lines.get(1).equals(owner.node())) {
            return Optional.empty();
        }
        return Optional.of(new PodKey(lines.get(2), lines.get(3), lines.get(4)));
    }

    private Path system() {
        return path.resolve("system");
    }

    private Path published(String name) {
        return kind("projected").resolve(name);
    }

    private Path kind(String kind) {
        return volumes().resolve("kubernetes.io~" + kind);
    }

    /** A name that is one part of a path and cannot lead elsewhere. */
    private static String safe(String name, String field) {
        if (!SAFE.matcher(name).matches()) {
            throw new BackendException(
                    Reason.INVALID, field + ": " + name + " cannot be the name of a directory");
        }
        return name;
    }
}
