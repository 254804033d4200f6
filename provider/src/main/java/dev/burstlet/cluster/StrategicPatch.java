package dev.burstlet.cluster;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.AnyGetterWriter;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patches between two versions of a status, as the kubelet sends them: only what
 * differs, null for what is no longer there. Conditions merge by type, so that those of others that
 * came meanwhile stay; the address lists, which the API server would merge too, are replaced; all
 * other lists of a status are atomic there.
 */
public final class StrategicPatch {
    private static final ObjectMapper JSON = new ObjectMapper(ApiCalls.buffers());
    private static final Set<String> REPLACED = Set.of("podIPs", "hostIPs", "addresses");

    private static final ClassValue<List<BeanPropertyWriter>> FIELDS =
            new ClassValue<>() {
                @Override
                protected List<BeanPropertyWriter> computeValue(Class<?> type) {
                    return fields(type);
                }
            };

    private StrategicPatch() {}

    public static ObjectNode tree(Object model) {
        return JSON.valueToTree(model);
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * What turns the base into what is wanted, both of one class of the API's model; empty when
     * nothing does. Fields that are equal are not made trees of, and fields that the model does not
     * know stay as they are.
     */
    public static <T> ObjectNode between(T base, T wanted) {
        ObjectNode before = object();
        ObjectNode after = object();
        for (BeanPropertyWriter field : FIELDS.get(base.getClass())) {
            Object old = value(field, base);
            Object now = value(field, wanted);
            if (Objects.equals(old, now)) {
                continue;
            }
            if (field.getName().equals("conditions")
                    && old instanceof List<?> was
                    && now instanceof List<?> is
                    && !was.containsAll(is)) {
                add(before, field.getName(), without(was, is));
                add(after, field.getName(), without(is, was));
            } else {
                add(before, field.getName(), old);
                add(after, field.getName(), now);
            }
        }
        return diff(before, after);
    }

    private static List<?> without(List<?> list, List<?> other) {
        List<Object> rest = new ArrayList<>(list);
        rest.removeAll(other);
        return rest;
    }

    private static List<BeanPropertyWriter> fields(Class<?> type) {
        try {
            List<BeanPropertyWriter> fields = new ArrayList<>();
            var properties =
                    JSON.getSerializerProviderInstance().findValueSerializer(type).properties();
            while (properties.hasNext()) {
                PropertyWriter property = properties.next();
                if (property instanceof BeanPropertyWriter field
                        && !(property instanceof AnyGetterWriter)) {
                    fields.add(field);
                }
            }
            return List.copyOf(fields);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static @Nullable Object value(BeanPropertyWriter field, Object object) {
        try {
            return field.get(object);
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + field.getName(), e);
        }
    }

    private static void add(ObjectNode tree, String name, @Nullable Object value) {
        JsonNode node = JSON.valueToTree(value);
        if (!isEmpty(node)) {
            tree.set(name, node);
        }
    }

    /** What turns one tree into another; empty when nothing does. */
    static ObjectNode diff(ObjectNode base, ObjectNode wanted) {
        ObjectNode patch = object();
        for (Map.Entry<String, JsonNode> field : wanted.properties()) {
            JsonNode before = base.get(field.getKey());
            if (!field.getValue().equals(before)) {
                put(patch, field.getKey(), before, field.getValue());
            }
        }
        for (Map.Entry<String, JsonNode> field : base.properties()) {
            if (!wanted.has(field.getKey()) && !isEmpty(field.getValue())) {
                patch.putNull(field.getKey());
            }
        }
        return patch;
    }

    private static void put(
            ObjectNode patch, String name, @Nullable JsonNode before, JsonNode after) {
        if (before == null && isEmpty(after)) {
            return;
        }
        if (before instanceof ObjectNode old && after instanceof ObjectNode now) {
            ObjectNode inner = diff(old, now);
            if (!inner.isEmpty()) {
                patch.set(name, inner);
            }
        } else if (name.equals("conditions")) {
            ArrayNode changed = conditions(before, after);
            if (!changed.isEmpty()) {
                patch.set(name, changed);
            }
        } else if (REPLACED.contains(name)) {
            patch.set(name, replacement(after));
        } else {
            patch.set(name, after);
        }
    }

    private static ArrayNode conditions(@Nullable JsonNode before, JsonNode after) {
        Map<String, JsonNode> old = byType(before);
        ArrayNode changed = JsonNodeFactory.instance.arrayNode();
        byType(after)
                .forEach((type, condition) -> {
                    JsonNode was = old.remove(type);
                    if (!condition.equals(was)) {
                        changed.add(withNulls(was, condition));
                    }
                });
        old.keySet().forEach(type -> changed.addObject().put("type", type).put("$patch", "delete"));
        return changed;
    }

    /** The whole condition, and null for each field that it no longer has. */
    private static ObjectNode withNulls(@Nullable JsonNode was, JsonNode condition) {
        ObjectNode whole = condition.deepCopy();
        if (was != null) {
            was.fieldNames()
                    .forEachRemaining(name -> {
                        if (!whole.has(name)) {
                            whole.putNull(name);
                        }
                    });
        }
        return whole;
    }

    private static Map<String, JsonNode> byType(@Nullable JsonNode conditions) {
        Map<String, JsonNode> byType = new LinkedHashMap<>();
        if (conditions != null) {
            conditions.forEach(condition -> byType.put(condition.path("type").asText(), condition));
        }
        return byType;
    }

    private static ArrayNode replacement(JsonNode list) {
        ArrayNode whole = JsonNodeFactory.instance.arrayNode();
        whole.addObject().put("$patch", "replace");
        list.forEach(whole::add);
        return whole;
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || (value.isContainerNode() && value.isEmpty());
    }
}
