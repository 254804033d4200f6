package dev.burstlet.docker.translate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.dockerjava.api.model.Mount;
import java.util.List;

/** docker-java's mounts as the JSON of a request. */
public final class Mounts {
    private static final ObjectMapper JSON =
            new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);

    private Mounts() {}

    public static ArrayNode json(List<? extends Mount> mounts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        mounts.forEach(mount -> list.add(JSON.<JsonNode>valueToTree(mount)));
        return list;
    }
}
