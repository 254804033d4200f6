package dev.burstlet.docker.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import java.util.List;
import java.util.Map;

/** The filters of the engine's lists, as a query parameter. */
public final class Filters {
    private Filters() {}

    /** Everything that has all these labels; a label without {@code =} matches any value. */
    public static String labels(List<String> labels) {
        return query(Map.of("label", labels));
    }

    public static String query(Map<String, List<String>> filters) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        filters.forEach((key, values) -> {
            ArrayNode list = json.putArray(key);
            values.forEach(list::add);
        });
        return "filters=" + EngineRequest.encode(json.toString());
    }

    /** The labels that say whose something is. */
    public static List<String> owner(Owner owner) {
        return List.of(Labels.CLUSTER + "=" + owner.cluster(), Labels.NODE + "=" + owner.node());
    }
}
