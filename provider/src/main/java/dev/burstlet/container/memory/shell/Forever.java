package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.shell.Word.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands that do nothing but wait: they need a timer at most, and no thread. */
public final class Forever {
    /** Longer than anything runs. */
    public static final Duration DURATION = Duration.ofDays(36_500);

    private Forever() {}

    /** How long a command waits before it succeeds, where that is all that it does. */
    public static Optional<Duration> of(List<String> command) {
        if (!Vocabulary.knows(command.getFirst())) {
            return Optional.empty();
        }
        String name = command.getFirst().substring(command.getFirst().lastIndexOf('/') + 1);
        List<String> args = command.subList(1, command.size());
        return switch (name) {
            case "pause" -> Optional.of(DURATION);
            case "sleep" -> args.isEmpty() ? Optional.empty() : ShellCommands.duration(args);
            case "sh" ->
                    args.size() == 2 && args.getFirst().equals("-c")
                            ? script(args.getLast())
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> script(String source) {
        if (!source.startsWith("sleep ") && !source.startsWith("exec sleep ")) {
            return Optional.empty();
        }
        Script script;
        try {
            script = Parser.parse(source);
        } catch (SyntaxException e) {
            return Optional.empty();
        }
        if (!(script instanceof Script.Simple simple) || !simple.redirects().isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (Word word : simple.words()) {
            @Nullable String literal = literal(word);
            if (literal == null) {
                return Optional.empty();
            }
            words.add(literal);
        }
        List<String> args = words.subList(words.getFirst().equals("exec") ? 2 : 1, words.size());
        return args.isEmpty() ? Optional.empty() : ShellCommands.duration(args);
    }

    private static @Nullable String literal(Word word) {
        for (Part part : word.parts()) {
            if (!(part instanceof Part.Literal)) {
                return null;
            }
        }
        return word.literal();
    }
}
