package dev.burstlet.app.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/** Every key of the configuration with what it means, walked from the records themselves. */
public final class Keys {
    private Keys() {}

    /**
     * One key.
     *
     * @param path as {@code nodes[].docker.endpoint}
     */
    public record Entry(String path, String meaning, String byDefault) {}

    /** All of them, in the order of the records. */
    public static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        walk("", Configuration.class, entries);
        return entries;
    }

    /** All of them as lines of text. */
    public static String text() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : all()) {
            text.append(String.format("  %-36s %s", entry.path(), entry.meaning()));
            text.append(entry.byDefault().isEmpty() ? "" : " (default: " + entry.byDefault() + ")");
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private static void walk(String prefix, Class<?> type, List<Entry> entries) {
        for (RecordComponent component : type.getRecordComponents()) {
            Key key = component.getAnnotation(Key.class);
            String path = prefix + component.getName();
            Type element = elementOf(component.getGenericType());
            boolean list = component.getType() == List.class;
            entries.add(
                    new Entry(
                            path,
                            key == null ? "" : key.value(),
                            key == null ? "" : key.byDefault()));
            if (element instanceof Class<?> nested && nested.isRecord()) {
                walk(path + (list ? "[]." : "."), nested, entries);
            }
        }
    }

    private static Type elementOf(Type type) {
        return type instanceof ParameterizedType parameterized
                        && parameterized.getRawType() == List.class
                ? parameterized.getActualTypeArguments()[0]
                : type;
    }
}
