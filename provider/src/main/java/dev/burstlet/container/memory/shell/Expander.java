package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.shell.Word.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns words into fields. */
final class Expander {
    private final Interpreter shell;
    private final Streams io;

    Expander(Interpreter shell, Streams io) {
        this.shell = shell;
        this.io = io;
    }

    List<String> fields(List<Word> words) throws IOException, InterruptedException {
        List<String> fields = new ArrayList<>();
        for (Word word : words) {
            fields(word, fields);
        }
        return fields;
    }

    /** The whole word as one field. */
    String text(Word word) throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        for (Part part : word.parts()) {
            text.append(value(part));
        }
        return text.toString();
    }

    private void fields(Word word, List<String> fields) throws IOException, InterruptedException {
        StringBuilder field = new StringBuilder();
        boolean any = false;
        for (Part part : word.parts()) {
            if (part instanceof Part.Variable variable && variable.name().equals("@")) {
                List<String> arguments = shell.scope().arguments();
                fields.addAll(arguments.subList(Math.min(1, arguments.size()), arguments.size()));
                continue;
            }
            String value = value(part);
            if (part.quoted() || part instanceof Part.Literal) {
                field.append(value);
                any = true;
                continue;
            }
            String[] pieces = value.split("[ \t\n]+", -1);
            for (int i = 0; i < pieces.length; i++) {
                if (i > 0 && (any || !field.isEmpty())) {
                    fields.add(field.toString());
                    field.setLength(0);
                    any = false;
                }
                field.append(pieces[i]);
            }
        }
        if (any || !field.isEmpty()) {
            fields.add(field.toString());
        }
    }

    private String value(Part part) throws IOException, InterruptedException {
        return switch (part) {
            case Part.Literal literal -> literal.text();
            case Part.Variable variable -> variable(variable);
            case Part.Substitution substitution -> shell.capture(substitution.script(), io);
            case Part.Arithmetic arithmetic ->
                    Long.toString(
                            new Arithmetic(text(arithmetic.expression()), shell.scope()).value());
        };
    }

    private String variable(Part.Variable variable) throws IOException, InterruptedException {
        @Nullable String value = lookup(variable.name());
        Word.@Nullable Default fallback = variable.fallback();
        if (fallback != null && (value == null || (fallback.alsoWhenEmpty() && value.isEmpty()))) {
            return text(fallback.word());
        }
        return value == null ? "" : value;
    }

    private @Nullable String lookup(String name) {
        Scope scope = shell.scope();
        List<String> arguments = scope.arguments();
        return switch (name) {
            case "?" -> Integer.toString(scope.status());
            case "$" -> Integer.toString(shell.task().pid());
            case "#" -> Integer.toString(Math.max(0, arguments.size() - 1));
            case "*" ->
                    String.join(
                            " ",
                            arguments.subList(Math.min(1, arguments.size()), arguments.size()));
            default -> {
                if (name.chars().allMatch(Character::isDigit)) {
                    int index = Integer.parseInt(name);
                    yield index < arguments.size() ? arguments.get(index) : null;
                }
                yield scope.get(name);
            }
        };
    }
}
