package dev.burstlet.container.memory.shell;

import org.jspecify.annotations.Nullable;

/** An integer expression of {@code + - * / %}, parentheses and variables. */
final class Arithmetic {
    private final String text;
    private final Scope scope;
    private int at;

    Arithmetic(String text, Scope scope) {
        this.text = text.replaceAll("\\s", "");
        this.scope = scope;
    }

    long value() {
        long value = sum();
        if (at < text.length()) {
            throw new SyntaxException("arithmetic: " + text);
        }
        return value;
    }

    private boolean next(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private long sum() {
        long value = product();
        while (true) {
            if (next('+')) {
                value += product();
            } else if (next('-')) {
                value -= product();
            } else {
                return value;
            }
        }
    }

    private long product() {
        long value = factor();
        while (true) {
            if (next('*')) {
                value *= factor();
            } else if (next('/')) {
                value /= divisor();
            } else if (next('%')) {
                value %= divisor();
            } else {
                return value;
            }
        }
    }

    private long divisor() {
        long value = factor();
        if (value == 0) {
            throw new SyntaxException("arithmetic: division by zero");
        }
        return value;
    }

    private long factor() {
        if (next('-')) {
            return -factor();
        }
        if (next('(')) {
            long value = sum();
            if (!next(')')) {
                throw new SyntaxException("arithmetic: " + text);
            }
            return value;
        }
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String name = text.substring(start, at);
        @Nullable String value = name.chars().allMatch(Character::isDigit) ? name : scope.get(name);
        try {
            return value == null || value.isEmpty() ? 0 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new SyntaxException("arithmetic: " + text);
        }
    }
}
