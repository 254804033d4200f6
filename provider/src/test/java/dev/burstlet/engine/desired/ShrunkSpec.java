package dev.burstlet.engine.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A spec that fails, without all that it fails without too. */
public final class ShrunkSpec {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Without these the API server takes no pod, and no defect would be one. */
    private static final Set<String> KEPT = Set.of("name", "image", "port", "seconds");

    private final Predicate<PodSpec> fails;
    private final JsonNode root;

    private ShrunkSpec(JsonNode root, Predicate<PodSpec> fails) {
        this.root = root;
        this.fails = fails;
    }

    /** The smallest that can be had by leaving out fields and elements, one after the other. */
    public static PodSpec of(PodSpec spec, Predicate<PodSpec> fails) {
        ShrunkSpec shrunk = new ShrunkSpec(JSON.valueToTree(spec), fails);
        while (shrunk.without(shrunk.root)) {
            // Again from the start: what could not go before may go now.
        }
        return JSON.convertValue(shrunk.root, PodSpec.class);
    }

    /** Whether something below the node could go. */
    private boolean without(JsonNode node) {
        boolean any = false;
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            names.removeAll(KEPT);
            for (String name : names) {
                JsonNode value = object.remove(name);
                if (stillFails()) {
                    any = true;
                } else {
                    object.set(name, value);
                    any |= without(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                JsonNode value = array.remove(i);
                if (stillFails()) {
                    any = true;
                } else {
                    array.insert(i, value);
                    any |= without(value);
                }
            }
        }
        return any;
    }

    private boolean stillFails() {
        return fails.test(JSON.convertValue(root, PodSpec.class));
    }
}
