package dev.burstlet.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
 * The API server counts a pod's generation up with each change of its spec since Kubernetes 1.33;
 * before, pods have none, and are read whole.
 */
public final class PodReading implements Reading<Pod> {
    private final Known known;

    public PodReading(Known known) {
        this.known = known;
    }

    /** The pods as they were last read. */
    @FunctionalInterface
    public interface Known {
        @Nullable Pod pod(@Nullable String namespace, String name);
    }

    @Override
    public Pod read(JsonParser parser) throws IOException {
        Pod pod = new Pod();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "metadata" -> pod.setMetadata(read(parser, ObjectMeta.class));
                case "spec" -> pod.setSpec(spec(parser, pod.getMetadata()));
                case "status" -> pod.setStatus(read(parser, PodStatus.class));
                default -> parser.skipChildren();
            }
        }
        return pod;
    }

    private PodSpec spec(JsonParser parser, @Nullable ObjectMeta of) throws IOException {
        if (of != null && of.getGeneration() != null && of.getGeneration() > 0) {
            Pod before = known.pod(of.getNamespace(), of.getName());
            if (before != null && isSame(before.getMetadata(), of)) {
                parser.skipChildren();
                return before.getSpec();
            }
        }
        return read(parser, PodSpec.class);
    }

    private static boolean isSame(ObjectMeta before, ObjectMeta now) {
        return Objects.equals(before.getUid(), now.getUid())
                && Objects.equals(before.getGeneration(), now.getGeneration());
    }

    /**
     * Not with a reader made when the class is initialized: that takes a lock of Jackson's, and a
     * virtual thread that waits for a lock within a class's initialization keeps its carrier; on
     * two processors that was a process that hung at its start.
     */
    private static <T> T read(JsonParser parser, Class<T> type) throws IOException {
        return ApiCalls.JSON.readValue(parser, type);
    }
}
