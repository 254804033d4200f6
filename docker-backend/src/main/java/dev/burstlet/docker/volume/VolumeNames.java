package dev.burstlet.docker.volume;

import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.pod.PodKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The names and labels of a pod's Docker volumes. A pod's own volume names have no dot. What is in
 * RAM goes with its sandbox, and is another volume for each attempt of it: an engine that was
 * restarted with live-restore may count the mounts of the earlier one wrong for ever.
 */
final class VolumeNames {
    /** The pod's volume that it is. */
    static final String VOLUME = "dev.burstlet.volume";

    /** On a pin: the Docker volume that it is a part of. */
    static final String PIN_OF = "dev.burstlet.pin-of";

    /** On a pin: which part. */
    static final String PIN_PATH = "dev.burstlet.pin-path";

    private static final String FILES = ".files";
    private static final String HOST = ".host.";
    private static final String PIN = ".pin.";

    private final Owner owner;
    private final PodKey pod;
    private final String prefix;
    private final String attempt;

    VolumeNames(Owner owner, PodKey pod, int attempt) {
        this.owner = owner;
        this.pod = pod;
        this.prefix = "burstlet-" + hash(owner.cluster() + "/" + owner.node()) + "-" + pod.uid();
        this.attempt = attempt == 0 ? "" : "." + attempt;
    }

    /** The tmpfs that all published contents of the pod share. */
    String files() {
        return prefix + FILES + attempt;
    }

    /** The Docker volume that holds a pod's volume; contents that are files share one. */
    String of(VolumeSpec volume) {
        return switch (volume.source()) {
            case Source.Files _ -> files();
            case Source.Named named -> named.name();
            case Source.HostPath _ -> prefix + HOST + volume.name();
            case Source.ScratchMemory _ -> prefix + "." + volume.name() + attempt;
            case Source.Scratch _, Source.Nfs _, Source.Image _ -> prefix + "." + volume.name();
        };
    }

    /** The Docker volume that is one subPath of one attempt of a container. */
    String pin(String container, int attempt, int index) {
        return prefix + PIN + container + "." + attempt + "." + index;
    }

    static boolean isPin(String name) {
        return name.startsWith("burstlet-") && name.contains(PIN);
    }

    Map<String, String> labels(String volume) {
        Map<String, String> labels = new HashMap<>(Labels.volume(owner, pod));
        labels.put(VOLUME, volume);
        return labels;
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
