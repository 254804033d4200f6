package dev.burstlet.engine.status;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the termination messages of one pod below 12 KiB together, each with an equal share. */
final class MessageLimit {
    private static final int POD_BYTES = 12 * 1024;

    private MessageLimit() {}

    /** Cuts, in a status that nobody else has yet. */
    static PodStatus apply(PodStatus status) {
        List<ContainerStatus> all = new ArrayList<>(status.getContainerStatuses());
        all.addAll(status.getInitContainerStatuses());
        all.addAll(status.getEphemeralContainerStatuses());
        int share = POD_BYTES / Math.max(1, all.size());
        for (ContainerStatus container : all) {
            cut(container.getState(), share);
            cut(container.getLastState(), share);
        }
        return status;
    }

    private static void cut(@Nullable ContainerState state, int limitBytes) {
        if (state == null
                || state.getTerminated() == null
                || state.getTerminated().getMessage() == null) {
            return;
        }
        String message = state.getTerminated().getMessage();
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > limitBytes) {
            state.getTerminated()
                    .setMessage(new String(bytes, 0, limitBytes, StandardCharsets.UTF_8));
        }
    }
}
