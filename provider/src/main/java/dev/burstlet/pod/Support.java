package dev.burstlet.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.pod.FieldSupport.Level;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a pod's spec work, and what a pod asks for that does not. What only some engines
 * can do is not refused here but where the engine is known.
 */
public final class Support {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private Support() {}

    /**
     * Something that a pod asks for and that no backend can do.
     *
     * @param field as {@code spec.containers[0].volumeDevices}
     */
    public record Refusal(String field, String words) {
        /** Fit for an event and a status. */
        public String message() {
            return field + ": " + words;
        }
    }

    /** The table, in the order of the fields. */
    public static List<FieldSupport> fields() {
        return SupportTable.rows();
    }

    /** The row of a field, or null; the path is as {@link FieldSupport#path()}. */
    public static @Nullable FieldSupport field(String path) {
        return SupportTable.row(path);
    }

    /** All that a pod asks for and that no backend can do. */
    public static List<Refusal> refusals(Pod pod) {
        return List.copyOf(examined(pod).refusals);
    }

    /**
     * Fields that a newer API server knows and the table does not, so that nothing is left out
     * unsaid. As a kubelet older than its API server does, a pod that has one is run.
     */
    public static List<String> unknown(Pod pod) {
        return List.copyOf(examined(pod).unknown);
    }

    /** Why a volume's kind is refused, naming it; null for one that is supported. */
    public static @Nullable String refusedVolume(Volume volume) {
        Support support = new Support();
        JsonNode node = MAPPER.valueToTree(volume);
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            support.examine(field.getValue(), field.getKey(), "volumes[]." + field.getKey());
            if (!support.unknown.isEmpty()) {
                return field.getKey() + ": not known to this version";
            }
        }
        return support.refusals.isEmpty() ? null : support.refusals.getFirst().message();
    }

    private static Support examined(Pod pod) {
        Support support = new Support();
        JsonNode spec = MAPPER.valueToTree(pod.getSpec());
        support.examineFields(spec, "spec", "");
        return support;
    }

    private void examine(JsonNode node, String shown, String path) {
        if (absent(node)) {
            return;
        }
        FieldSupport row = SupportTable.row(path);
        if (row == null) {
            unknown.add(shown);
            return;
        }
        if (row.level() == Level.REFUSED) {
            refusals.add(new Refusal(shown, row.words()));
            return;
        }
        examineValue(node, shown, path);
        if (!row.whole()) {
            examineBelow(node, shown, path);
        }
    }

    private void examineBelow(JsonNode node, String shown, String path) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                if (node.get(i).isObject()) {
                    examineFields(node.get(i), shown + "[" + i + "]", path + "[].");
                }
            }
        } else if (node.isObject() && !isMap(path)) {
            examineFields(node, shown, path + ".");
        }
    }

    private void examineFields(JsonNode node, String shown, String prefix) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            examine(field.getValue(), shown + "." + field.getKey(), prefix + field.getKey());
        }
    }

    /** The rows that refuse a single value, or a single key of a map. */
    private void examineValue(JsonNode node, String shown, String path) {
        if (node.isTextual()) {
            for (FieldSupport row : SupportTable.special(path)) {
                if (matches(row.path(), node.asText(), "")) {
                    refusals.add(new Refusal(shown, row.words()));
                }
            }
        }
        if (node.isObject()) {
            for (FieldSupport row : SupportTable.special(path)) {
                node.properties().stream()
                        .filter(e -> matches(row.path(), e.getKey(), "}"))
                        .filter(e -> !e.getValue().asText().matches("0[A-Za-z]*"))
                        .forEach(e ->
                                refusals.add(new Refusal(shown + "." + e.getKey(), row.words())));
            }
        }
    }

    private static boolean matches(String row, String value, String end) {
        int start = Math.max(row.indexOf('='), row.indexOf('{')) + 1;
        String pattern = row.substring(start, row.length() - end.length());
        return pattern.endsWith("*")
                ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                : value.equals(pattern);
    }

    /** Fields whose keys are the user's: they have no rows below. */
    private static boolean isMap(String path) {
        return path.endsWith(".limits")
                || path.endsWith(".requests")
                || path.equals("overhead")
                || path.equals("nodeSelector");
    }

    /** What is null, empty or false asks for nothing; an empty object does. */
    private static boolean absent(JsonNode node) {
        return node.isNull()
                || (node.isArray() && node.isEmpty())
                || (node.isTextual() && node.asText().isEmpty())
                || (node.isBoolean() && !node.asBoolean());
    }
}
