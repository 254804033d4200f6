package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which fields of a pod's spec work here, and what a pod asks for that does not. */
public final class Support {
    private Support() {}

    /** A field that a pod uses and that no backend supports. */
    public record Refusal(String field, String words) {
        public String message() {
            return field + ": " + words;
        }
    }

    /** All that a pod asks for and that no backend supports. */
    public static List<Refusal> refusals(Pod pod) {
        return List.of();
    }

    /** Why a volume's kind is refused, naming it; null for one that is supported. */
    public static @Nullable String refusedVolume(Volume volume) {
        return null;
    }
}
