package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.shell.Word.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a script into words and operators. */
final class Lexer {
    private final String source;
    private int at;

    Lexer(String source) {
        this.source = source;
    }

    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        while (skipBlanks()) {
            char c = source.charAt(at);
            if (c == '\n') {
                at++;
                tokens.add(new Token.Control(";"));
            } else if (";&|()".indexOf(c) >= 0) {
                tokens.add(new Token.Control(operator()));
            } else {
                tokens.add(redirectionOrWord());
            }
        }
        return tokens;
    }

    private boolean skipBlanks() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end;
            } else if (c == '\\' && source.startsWith("\\\n", at)) {
                at += 2;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private String operator() {
        for (String two : List.of("&&", "||", ";;")) {
            if (source.startsWith(two, at)) {
                at += 2;
                return two;
            }
        }
        return String.valueOf(source.charAt(at++));
    }

    private Token redirectionOrWord() {
        int start = at;
        while (at < source.length() && Character.isDigit(source.charAt(at))) {
            at++;
        }
        if (at < source.length() && "<>".indexOf(source.charAt(at)) >= 0) {
            String digits = source.substring(start, at);
            return redirection(digits);
        }
        at = start;
        return new Token.Text(word());
    }

    private Token redirection(String digits) {
        String operator = source.substring(at, at + 1);
        for (String two : List.of(">>", ">&", "<&", "<<")) {
            if (source.startsWith(two, at)) {
                operator = two;
            }
        }
        if (operator.equals("<<") || operator.equals("<&")) {
            throw new SyntaxException("unsupported redirection " + operator);
        }
        at += operator.length();
        int fd = operator.equals("<") ? 0 : 1;
        return new Token.Redirection(digits.isEmpty() ? fd : Integer.parseInt(digits), operator);
    }

    private Word word() {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (at < source.length() && " \t\r\n;&|()<>".indexOf(source.charAt(at)) < 0) {
            char c = source.charAt(at);
            switch (c) {
                case '\\' -> {
                    at++;
                    flush(parts, text, false);
                    if (at < source.length()) {
                        parts.add(new Part.Literal(String.valueOf(source.charAt(at++)), true));
                    }
                }
                case '\'' -> {
                    flush(parts, text, false);
                    int end = closing('\'', at + 1);
                    parts.add(new Part.Literal(source.substring(at + 1, end), true));
                    at = end + 1;
                }
                case '"' -> {
                    flush(parts, text, false);
                    at++;
                    quoted(parts);
                }
                case '$', '`' -> {
                    flush(parts, text, false);
                    parts.add(expansion(false));
                }
                default -> {
                    text.append(c);
                    at++;
                }
            }
        }
        flush(parts, text, false);
        return new Word(parts);
    }

    private void quoted(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        parts.add(new Part.Literal("", true));
        while (at < source.length() && source.charAt(at) != '"') {
            char c = source.charAt(at);
            if (c == '\\' && at + 1 < source.length()) {
                char next = source.charAt(at + 1);
                if ("$`\"\\\n".indexOf(next) < 0) {
                    text.append(c);
                }
                if (next != '\n') {
                    text.append(next);
                }
                at += 2;
            } else if (c == '$' || c == '`') {
                flush(parts, text, true);
                parts.add(expansion(true));
            } else {
                text.append(c);
                at++;
            }
        }
        if (at >= source.length()) {
            throw new SyntaxException("unterminated quoted string");
        }
        at++;
        flush(parts, text, true);
    }

    private static void flush(List<Part> parts, StringBuilder text, boolean quoted) {
        if (!text.isEmpty()) {
            parts.add(new Part.Literal(text.toString(), quoted));
            text.setLength(0);
        }
    }

    private Part expansion(boolean quoted) {
        if (source.charAt(at) == '`') {
            int end = closing('`', at + 1);
            String inner = source.substring(at + 1, end);
            at = end + 1;
            return new Part.Substitution(Parser.parse(inner), quoted);
        }
        at++;
        if (source.startsWith("((", at)) {
            int end = matching(at + 1, '(', ')');
            Word inner = new Lexer(source.substring(at + 2, end)).expression();
            at = end + 2;
            return new Part.Arithmetic(inner, quoted);
        }
        if (source.startsWith("(", at)) {
            int end = matching(at, '(', ')');
            String inner = source.substring(at + 1, end);
            at = end + 1;
            return new Part.Substitution(Parser.parse(inner), quoted);
        }
        if (source.startsWith("{", at)) {
            int end = matching(at, '{', '}');
            String inner = source.substring(at + 1, end);
            at = end + 1;
            return braced(inner, quoted);
        }
        return plainVariable(quoted);
    }

    private Part plainVariable(boolean quoted) {
        int start = at;
        if (at < source.length() && "?$#@*!0123456789".indexOf(source.charAt(at)) >= 0) {
            at++;
        } else {
            while (at < source.length()
                    && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
                at++;
            }
        }
        String name = source.substring(start, at);
        return name.isEmpty() ? new Part.Literal("$", true) : new Part.Variable(name, null, quoted);
    }

    private static Part braced(String inner, boolean quoted) {
        int end = 0;
        while (end < inner.length()
                && (Character.isLetterOrDigit(inner.charAt(end)) || inner.charAt(end) == '_')) {
            end++;
        }
        if (end == 0 || end == inner.length()) {
            return new Part.Variable(inner, null, quoted);
        }
        String rest = inner.substring(end);
        boolean empty = rest.startsWith(":-");
        if (!empty && !rest.startsWith("-")) {
            throw new SyntaxException("bad substitution ${" + inner + "}");
        }
        Word fallback = new Lexer(rest.substring(empty ? 2 : 1)).expression();
        return new Part.Variable(
                inner.substring(0, end), new Word.Default(fallback, empty), quoted);
    }

    /** All that is left as one word. */
    private Word expression() {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '$' || c == '`') {
                flush(parts, text, true);
                parts.add(expansion(true));
            } else if (c == '"' || c == '\'') {
                at++;
            } else {
                text.append(c);
                at++;
            }
        }
        flush(parts, text, true);
        return new Word(parts);
    }

    private int closing(char quote, int from) {
        int end = source.indexOf(quote, from);
        if (end < 0) {
            throw new SyntaxException("unterminated quoted string");
        }
        return end;
    }

    private int matching(int open, char opening, char closing) {
        int depth = 0;
        @Nullable Character quote = null;
        for (int i = open; i < source.length(); i++) {
            char c = source.charAt(i);
            if (quote != null) {
                quote = c == quote ? null : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == opening) {
                depth++;
            } else if (c == closing && --depth == 0) {
                return i;
            }
        }
        throw new SyntaxException("unexpected end of file (expecting \"" + closing + "\")");
    }
}
