package dev.burstlet.container.memory.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A word before its expansion. */
public record Word(List<Part> parts) {
    public Word {
        parts = List.copyOf(parts);
    }

    /** The text where nothing in it needs expansion, else null. */
    public @Nullable String literal() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (!(part instanceof Part.Literal literal)) {
                return null;
            }
            text.append(literal.text());
        }
        return text.toString();
    }

    boolean keyword(String text) {
        return parts.size() == 1
                && parts.getFirst() instanceof Part.Literal literal
                && !literal.quoted()
                && literal.text().equals(text);
    }

    /** A piece of a word; a quoted one is not split into fields. */
    public sealed interface Part {
        boolean quoted();

        /** Text as it is. */
        record Literal(String text, boolean quoted) implements Part {}

        /** A variable, or a special parameter as {@code ?}. */
        record Variable(String name, @Nullable Default fallback, boolean quoted) implements Part {}

        /** The output of a script. */
        record Substitution(Script script, boolean quoted) implements Part {}

        /** The value of an expression. */
        record Arithmetic(Word expression, boolean quoted) implements Part {}
    }

    /** What stands for a variable that is not set. */
    public record Default(Word word, boolean alsoWhenEmpty) {}
}
