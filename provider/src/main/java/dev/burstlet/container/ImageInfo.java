package dev.burstlet.container;

import java.util.List;

/**
 * An image on an engine.
 *
 * @param id the engine's own id
 * @param tags references with a tag
 * @param digests references with a digest
 * @param user the image's USER: empty, a number, a name, or {@code user:group}
 * @param os GOOS name; empty where it is not told
 * @param arch GOARCH name; empty where it is not told
 * @param pinned never to be removed for space
 */
public record ImageInfo(
        String id,
        List<String> tags,
        List<String> digests,
        long sizeBytes,
        String user,
        String os,
        String arch,
        boolean pinned) {
    public ImageInfo {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }

    /** For a pod's imageID. */
    public String ref() {
        return digests.isEmpty() ? id : digests.getFirst();
    }
}
