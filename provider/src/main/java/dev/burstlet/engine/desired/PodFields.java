package dev.burstlet.engine.desired;

import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a pod that the downward API shows, as the Kubernetes documentation ("Downward API")
 * lists them for variables and for files.
 */
record PodFields(PodBundle bundle, List<String> podIps) {
    private static final Pattern SUBSCRIPT =
            Pattern.compile("metadata\\.(labels|annotations)\\['(.*)']");

    /** With the node's addresses for a pod on the host's network. */
    static PodFields of(PodBundle bundle, List<String> podIps) {
        boolean host = Boolean.TRUE.equals(bundle.pod().getSpec().getHostNetwork());
        return new PodFields(
                bundle, podIps.isEmpty() && host ? bundle.node().hostIps() : List.copyOf(podIps));
    }

    /**
     * The value for an environment variable.
     *
     * @throws IllegalArgumentException for a field that variables cannot have
     */
    String variable(ObjectFieldSelector selector) {
        checkVersion(selector);
        String path = selector.getFieldPath();
        return switch (path) {
            case "spec.nodeName" -> nodeName();
            case "spec.serviceAccountName" -> serviceAccountName();
            case "status.hostIP" -> first(bundle.node().hostIps());
            case "status.hostIPs" -> String.join(",", bundle.node().hostIps());
            case "status.podIP" -> first(podIps);
            case "status.podIPs" -> String.join(",", podIps);
            default -> {
                String value = identity(path);
                if (value == null) {
                    throw new IllegalArgumentException("field label not supported: " + path);
                }
                yield value;
            }
        };
    }

    /**
     * The value for a file.
     *
     * @throws IllegalArgumentException for a field that files cannot have
     */
    String file(ObjectFieldSelector selector) {
        checkVersion(selector);
        String path = selector.getFieldPath();
        return switch (path) {
            case "metadata.labels" -> lines(bundle.pod().getMetadata().getLabels());
            case "metadata.annotations" -> lines(bundle.pod().getMetadata().getAnnotations());
            default -> {
                String value = identity(path);
                if (value == null) {
                    throw new IllegalArgumentException("unsupported fieldPath: " + path);
                }
                yield value;
            }
        };
    }

    private @Nullable String identity(String path) {
        ObjectMeta meta = bundle.pod().getMetadata();
        return switch (path) {
            case "metadata.name" -> meta.getName();
            case "metadata.namespace" -> meta.getNamespace();
            case "metadata.uid" -> meta.getUid();
            default -> subscript(meta, path);
        };
    }

    private static @Nullable String subscript(ObjectMeta meta, String path) {
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (!subscript.matches()) {
            return null;
        }
        boolean labels = subscript.group(1).equals("labels");
        return orEmpty(labels ? meta.getLabels() : meta.getAnnotations())
                .getOrDefault(subscript.group(2), "");
    }

    private String nodeName() {
        String name = bundle.pod().getSpec().getNodeName();
        return name == null ? bundle.node().name() : name;
    }

    private String serviceAccountName() {
        String name = bundle.pod().getSpec().getServiceAccountName();
        return name == null ? "" : name;
    }

    private static void checkVersion(ObjectFieldSelector selector) {
        String version = selector.getApiVersion();
        if (version != null && !version.isEmpty() && !version.equals("v1")) {
            throw new IllegalArgumentException("unsupported pod version: " + version);
        }
    }

    private static String first(List<String> list) {
        return list.isEmpty() ? "" : list.getFirst();
    }

    /** One line {@code key="value"} each, in the order of the keys. */
    private static String lines(@Nullable Map<String, String> map) {
        StringBuilder out = new StringBuilder();
        new TreeMap<>(orEmpty(map))
                .forEach((key, value) -> {
                    if (!out.isEmpty()) {
                        out.append('\n');
                    }
                    out.append(key).append('=').append(quoted(value));
                });
        return out.toString();
    }

    /** A string as a Go string literal, which is what the kubelet writes. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> out.append(escaped(c)));
        return out.append('"').toString();
    }

    private static String escaped(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case 0x07 -> "\\a";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case 0x0B -> "\\v";
            default -> {
                if (c < ' ' || c == 0x7F) {
                    yield "\\x%02x".formatted(c);
                }
                if (printable(c)) {
                    yield Character.toString(c);
                }
                yield c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
            }
        };
    }

    /** Letters, marks, numbers, punctuation, symbols and the ASCII space, as Go has it. */
    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
