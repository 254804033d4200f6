package dev.burstlet.docker.translate;

import java.util.List;

/**
 * Whom a container's first process runs as, in numbers. The engine is always given these, so that
 * it looks nothing up in the image by rules of its own, and so that they can be read again.
 *
 * @param groups beside {@code gid}
 */
public record ProcessUser(long uid, long gid, List<Long> groups) {
    public ProcessUser {
        groups = List.copyOf(groups);
    }
}
