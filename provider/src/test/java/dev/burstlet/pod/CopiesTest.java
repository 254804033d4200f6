package dev.burstlet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CopiesTest {
    @Test
    void haveEveryFieldOfAStatus() throws ReflectiveOperationException {
        PodStatus status = filled(new PodStatus());
        PodStatus copy = Copies.of(status);

        assertThat(copy).isNotSameAs(status);
        assertSame(copy, status);
    }

    @Test
    void haveEveryFieldOfACondition() throws ReflectiveOperationException {
        PodCondition condition = filled(new PodCondition());
        PodCondition copy = Copies.of(condition);

        assertThat(copy).isNotSameAs(condition);
        assertSame(copy, condition);
    }

    private static <T> T filled(T model) throws ReflectiveOperationException {
        for (Field field : model.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                field.set(model, value(field.getType()));
            }
        }
        return model;
    }

    private static Object value(Class<?> type) throws ReflectiveOperationException {
        if (type == String.class) {
            return "word";
        }
        if (type == Long.class) {
            return 7L;
        }
        if (type == List.class) {
            return List.of();
        }
        return type == Map.class ? Map.of() : type.getDeclaredConstructor().newInstance();
    }

    private static void assertSame(Object copy, Object model) throws ReflectiveOperationException {
        for (Field field : model.getClass().getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                assertThat(field.get(copy)).as(field.getName()).isSameAs(field.get(model));
            }
        }
    }
}
