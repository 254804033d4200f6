package dev.burstlet.docker.volume;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The options by which Docker's {@code local} driver mounts what a volume is. */
final class LocalDriver {
    private LocalDriver() {}

    /** Of a volume in RAM, as mount(8) has them. */
    static String memory(VolumeSpec volume, Source.ScratchMemory memory) {
        Long group = volume.fsGroup();
        // As a tmpfs of a kubelet's is: nobody removes another's files.
        String mode = group == null ? "mode=1777" : "mode=3777,gid=" + group;
        return memory.sizeLimitBytes() > 0 ? mode + ",size=" + memory.sizeLimitBytes() : mode;
    }

    /** Of an export; the protocol is version 4 unless the volume's own options say otherwise. */
    static Map<String, String> nfs(Source.Nfs nfs) {
        List<String> options = new ArrayList<>(List.of("addr=" + nfs.server()));
        if (nfs.options().stream()
                .noneMatch(o -> o.startsWith("nfsvers=") || o.startsWith("vers="))) {
            options.add("nfsvers=4");
        }
        options.add(nfs.readOnly() ? "ro" : "rw");
        options.addAll(nfs.options());
        return Map.of("type", "nfs", "device", ":" + nfs.path(), "o", String.join(",", options));
    }
}
