package dev.burstlet.engine.desired;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The text of a file of variables: lines {@code NAME='value'}, where a value may go over lines, and
 * comments. It is a subset of a shell's: nothing is expanded, nothing escaped (Kubernetes: env file
 * syntax). Messages tell lines and never a value.
 */
final class EnvFileText {
    private final String text;
    private final Map<String, String> values = new LinkedHashMap<>();
    private int at;
    private int line = 1;

    private EnvFileText(String text) {
        this.text = text;
    }

    /** The values by name, the last of a name. */
    static Map<String, String> parse(String text) {
        EnvFileText parsed = new EnvFileText(text);
        while (parsed.at < text.length()) {
            parsed.line();
        }
        return parsed.values;
    }

    private void line() {
        skipBlanks();
        if (atEndOfLine()) {
            endLine();
        } else if (text.charAt(at) == '#') {
            while (!atEndOfLine()) {
                at++;
            }
            endLine();
        } else {
            declaration();
        }
    }

    private void declaration() {
        int start = at;
        while (!atEndOfLine() && text.charAt(at) != '=') {
            at++;
        }
        if (atEndOfLine()) {
            throw wrong("it is no declaration NAME='value'");
        }
        String name = text.substring(start, at).stripTrailing();
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw wrong("its name is not of printable ASCII characters");
        }
        at++;
        skipBlanks();
        if (atEndOfLine() || text.charAt(at) != '\'') {
            throw wrong("its value is not in single quotes");
        }
        values.put(name, quoted());
        skipBlanks();
        if (!atEndOfLine()) {
            throw wrong("there is something after the value's closing quote");
        }
        endLine();
    }

    private String quoted() {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
            throw wrong("the value's closing quote is missing");
        }
        String value = text.substring(at + 1, end);
        line += (int) value.chars().filter(c -> c == '\n').count();
        at = end + 1;
        return value;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean atEndOfLine() {
        return at == text.length() || text.charAt(at) == '\n';
    }

    private void endLine() {
        at++;
        line++;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("line " + line + ": " + what);
    }
}
