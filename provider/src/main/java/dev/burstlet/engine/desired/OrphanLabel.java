package dev.burstlet.engine.desired;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of the label by which a container can be ended properly when nobody knows its pod any
 * more: its preStop hook with the ports that the hook may name, and whether it is a sidecar, as
 * JSON of a container's spec. A kubelet keeps the hook and the ports so, too.
 */
public final class OrphanLabel {
    /** Runtimes limit a label's key and value together to 4096 bytes. */
    private static final int LIMIT_BYTES = 4000;

    private static final ObjectMapper JSON =
            new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY);

    private OrphanLabel() {}

    /** Empty where there is nothing to know, or more than fits. */
    static Optional<String> of(Container container) {
        boolean hook = PodSpecs.hasPreStop(container);
        @Nullable String policy = container.getRestartPolicy();
        if (!hook && policy == null) {
            return Optional.empty();
        }
        ContainerBuilder kept = new ContainerBuilder().withRestartPolicy(policy);
        if (hook) {
            kept.withPorts(container.getPorts())
                    .withNewLifecycle()
                    .withPreStop(container.getLifecycle().getPreStop())
                    .endLifecycle();
        }
        try {
            String json = JSON.writeValueAsString(kept.build());
            return json.getBytes(StandardCharsets.UTF_8).length <= LIMIT_BYTES
                    ? Optional.of(json)
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a label says; nothing where there is none that can be read. */
    public static Container read(String name, @Nullable String label) {
        Container known = new Container();
        if (label != null) {
            try {
                known = JSON.readValue(label, Container.class);
            } catch (JsonProcessingException e) {
                // Not ours, or of a version that wrote something else: ended without the hook.
                known = new Container();
            }
        }
        return new ContainerBuilder(known).withName(name).build();
    }
}
