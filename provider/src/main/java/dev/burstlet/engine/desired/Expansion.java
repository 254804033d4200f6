package dev.burstlet.engine.desired;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The {@code $(NAME)} syntax of env values, command, args and subPathExpr, as the Kubernetes API
 * reference defines it: what cannot be resolved stays as it is, {@code $$} is a literal dollar.
 */
final class Expansion {
    /** The value of a name, or null where there is none. */
    interface Variables {
        @Nullable String value(String name);
    }

    private Expansion() {}

    /** Expands; an unresolved reference stays. */
    static String expand(String text, Variables variables) {
        return replace(
                text,
                name -> {
                    String value = variables.value(name);
                    return value == null ? "$(" + name + ")" : value;
                });
    }

    private static String replace(String text, UnaryOperator<String> reference) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 == text.length()) {
                out.append(c);
                i++;
                continue;
            }
            char next = text.charAt(i + 1);
            if (next == '$') {
                out.append('$');
                i += 2;
            } else if (next == '(') {
                int end = text.indexOf(')', i + 2);
                if (end < 0) {
                    out.append("$(");
                    i += 2;
                } else {
                    out.append(reference.apply(text.substring(i + 2, end)));
                    i = end + 1;
                }
            } else {
                out.append('$').append(next);
                i += 2;
            }
        }
        return out.toString();
    }
}
