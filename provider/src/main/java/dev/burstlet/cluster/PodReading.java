package dev.burstlet.cluster;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pods of a watch, most of which tell of a change of the status alone: the spec of the
 * generation that is known already is taken from there, and what the API server sent is skipped.
 * The API server counts a pod's generation up with each change of its spec since Kubernetes 1.33,
 * and once more when the pod is to be deleted; before, pods have none, and are read whole. Of a pod
 * that is gone the status is taken from what is known too.
 */
public final class PodReading implements Reading<Pod> {
    private final Known known;
    private final Keeping keeping;

    /**
     * @param keeping what is done with those parts of a pod that are going to be kept for long
     */
    public PodReading(Known known, Keeping keeping) {
        this.known = known;
        this.keeping = keeping;
    }

    /** The pods as they were last read. */
    @FunctionalInterface
    public interface Known {
        @Nullable Pod pod(@Nullable String namespace, String name);
    }

    /** Returns what is equal to a part and kept in place of it. */
    @FunctionalInterface
    public interface Keeping {
        <T> T kept(T part);
    }

    @Override
    public Pod read(JsonWalk walk) throws IOException {
        return read(walk, false);
    }

    @Override
    public Pod last(JsonWalk walk) throws IOException {
        return read(walk, true);
    }

    private Pod read(JsonWalk walk, boolean last) throws IOException {
        Pod pod = new Pod();
        walk.enter();
        while (walk.next()) {
            switch (walk.name()) {
                case "metadata" -> pod.setMetadata(metadata(walk));
                case "spec" -> pod.setSpec(spec(walk, pod.getMetadata()));
                case "status" -> pod.setStatus(status(walk, pod.getMetadata(), last));
                default -> walk.skip();
            }
        }
        return pod;
    }

    private ObjectMeta metadata(JsonWalk walk) throws IOException {
        ObjectMeta metadata = walk.readWithout("managedFields", ObjectMeta.class);
        return isEnding(metadata) ? metadata : keeping.kept(metadata);
    }

    private PodSpec spec(JsonWalk walk, @Nullable ObjectMeta of) throws IOException {
        Pod before = known(of);
        if (of != null && before != null && hasSameSpec(before.getMetadata(), of)) {
            walk.skip();
            return before.getSpec();
        }
        return keeping.kept(walk.read(PodSpec.class));
    }

    private PodStatus status(JsonWalk walk, @Nullable ObjectMeta of, boolean last)
            throws IOException {
        Pod before = last ? known(of) : null;
        if (before != null && before.getStatus() != null) {
            walk.skip();
            return before.getStatus();
        }
        PodStatus status = walk.read(PodStatus.class);
        return isEnding(of) ? status : keeping.kept(status);
    }

    private @Nullable Pod known(@Nullable ObjectMeta of) {
        if (of == null || of.getGeneration() == null || of.getGeneration() <= 0) {
            return null;
        }
        Pod before = known.pod(of.getNamespace(), of.getName());
        return before != null && Objects.equals(before.getMetadata().getUid(), of.getUid())
                ? before
                : null;
    }

    /** The one change that a deletion counts as is not one of the spec. */
    private static boolean hasSameSpec(ObjectMeta before, ObjectMeta now) {
        long changes = now.getGeneration() - Objects.requireNonNullElse(before.getGeneration(), 0L);
        return changes == 0 || (changes == 1 && isEnding(now) && !isEnding(before));
    }

    private static boolean isEnding(@Nullable ObjectMeta metadata) {
        return metadata != null && metadata.getDeletionTimestamp() != null;
    }
}
