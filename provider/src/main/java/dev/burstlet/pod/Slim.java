package dev.burstlet.pod;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects of the Kubernetes model small before they are kept. Each of the client's objects
 * has maps and lists of its own for everything that it does not say, and its own copy of every
 * word: of a running pod, two bytes in three. Afterwards what is empty is one and the same, lists
 * take no more room than their elements, and words that many pods say are there once. Equal to what
 * it was, but not to be changed any more: its collections are of fixed size.
 *
 * <p>Not for secrets: their words would outlive them in the table of shared ones.
 *
 * <p>Thread-safe for objects that no other thread changes; one that is slim already is only read.
 */
public final class Slim {
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    /** Words longer than an image's name with its digest are hardly ever said twice. */
    private static final int LONGEST = 160;

    /** A power of two. A word that is pushed out is merely there twice later on. */
    private static final int WORDS = 8192;

    private static final AtomicReferenceArray<@Nullable String> SHARED =
            new AtomicReferenceArray<>(WORDS);

    private static final ClassValue<List<Field>> FIELDS =
            new ClassValue<>() {
                @Override
                protected List<Field> computeValue(Class<?> type) {
                    return fields(type);
                }
            };

    private Slim() {}

    /** Makes an object of the model small, with all that is in it. */
    @SuppressWarnings("ReferenceEquality") // The small one is equal: what counts is which it is.
    public static <T> T of(T model) {
        for (Field field : FIELDS.get(model.getClass())) {
            Object value = get(field, model);
            if (value != null) {
                Object slim = value(value);
                if (slim != value) {
                    set(field, model, slim);
                }
            }
        }
        return model;
    }

    /** The one copy of a word that many say. */
    public static String word(String word) {
        if (word.length() > LONGEST) {
            return word;
        }
        int hash = word.hashCode();
        int at = (hash ^ hash >>> 16) & WORDS - 1;
        String there = SHARED.getPlain(at);
        if (word.equals(there)) {
            return there;
        }
        SHARED.setPlain(at, word);
        return word;
    }

    private static Object value(Object value) {
        return switch (value) {
            case String word -> word(word);
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            default -> of(value);
        };
    }

    private static List<?> list(List<?> list) {
        if (list.isEmpty()) {
            return Collections.emptyList();
        }
        if (!(list instanceof ArrayList)) {
            list.forEach(Slim::element);
            return list;
        }
        if (list.size() == 1) {
            return Collections.singletonList(element(list.getFirst()));
        }
        Object[] elements = list.toArray();
        for (int i = 0; i < elements.length; i++) {
            elements[i] = element(elements[i]);
        }
        return Arrays.asList(elements);
    }

    private static Map<?, ?> map(Map<?, ?> map) {
        if (map.isEmpty()) {
            return Collections.emptyMap();
        }
        if (!(map instanceof LinkedHashMap)) {
            map.values().forEach(Slim::element);
            return map;
        }
        if (map.size() == 1) {
            Map.Entry<?, ?> only = map.entrySet().iterator().next();
            return Collections.singletonMap(element(only.getKey()), element(only.getValue()));
        }
        Map<@Nullable Object, @Nullable Object> slim = LinkedHashMap.newLinkedHashMap(map.size());
        map.forEach((key, value) -> slim.put(element(key), element(value)));
        return Collections.unmodifiableMap(slim);
    }

    private static @Nullable Object element(@Nullable Object element) {
        return element == null ? null : value(element);
    }

    private static List<Field> fields(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> of = type;
                of != null && of.getName().startsWith(MODEL);
                of = of.getSuperclass()) {
            for (Field field : of.getDeclaredFields()) {
                boolean refers =
                        !field.getType().isPrimitive()
                                && !Number.class.isAssignableFrom(field.getType())
                                && field.getType() != Boolean.class;
                if (refers
                        && !Modifier.isStatic(field.getModifiers())
                        && !Modifier.isFinal(field.getModifiers())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return List.copyOf(fields);
    }

    private static @Nullable Object get(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was made accessible", e);
        }
    }

    private static void set(Field field, Object of, Object value) {
        try {
            field.set(of, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " was made accessible", e);
        }
    }
}
