package dev.burstlet.container.memory.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed script. */
public sealed interface Script {
    /** One after the other. */
    record Sequence(List<Script> steps) implements Script {}

    /** Started and not waited for. */
    record Background(Script body) implements Script {}

    /** The right side only where the left one succeeded ({@code &&}) or failed ({@code ||}). */
    record Either(Script left, boolean onSuccess, Script right) implements Script {}

    /** Output into input. */
    record Pipeline(List<Script> stages, boolean negated) implements Script {}

    /** A command with its arguments. */
    record Simple(List<Assignment> assignments, List<Word> words, List<Redirect> redirects)
            implements Script {}

    /** A compound command in the same shell, or in a copy of it. */
    record Group(Script body, boolean subshell, List<Redirect> redirects) implements Script {}

    /** A condition. */
    record Condition(Script test, Script then, @Nullable Script otherwise) implements Script {}

    /** While, or until. */
    record Loop(Script test, boolean until, Script body) implements Script {}

    /** For each word. */
    record Each(String variable, List<Word> words, Script body) implements Script {}

    /** A variable set. */
    record Assignment(String name, Word value) {}

    /** A stream redirected: operator {@code >}, {@code >>}, {@code <} or {@code >&}. */
    record Redirect(int fd, String operator, Word target) {}
}
