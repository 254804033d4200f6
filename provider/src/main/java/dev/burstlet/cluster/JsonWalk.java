package dev.burstlet.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Walks once through the bytes of a JSON document and passes by what is not asked for: much cheaper
 * than reading it, and what it passes leaves no trace. Of what passes by, only the brackets and
 * strings are looked at, so a fault in it may go unnoticed. Not thread-safe.
 */
public final class JsonWalk {
    private final byte[] json;
    private final int end;
    private int at;
    private String name = "";

    /**
     * Starts before the document's first byte.
     *
     * @param length of the document in bytes, from the array's first
     */
    JsonWalk(byte[] json, int length) {
        this.json = json;
        this.end = length;
    }

    /** Steps into the object that comes next. */
    void enter() throws IOException {
        expect('{');
    }

    /**
     * Goes to the value of the next field of the object that was entered last. At its end it
     * answers false and has left it.
     */
    boolean next() throws IOException {
        byte b = peek();
        if (b == ',') {
            at++;
            b = peek();
        }
        if (b == '}') {
            at++;
            return false;
        }
        name = text();
        expect(':');
        return true;
    }

    /** Of the field whose value comes next. */
    String name() {
        return name;
    }

    /** Passes a value by. */
    void skip() throws IOException {
        switch (peek()) {
            case '"' -> skipString();
            case '{', '[' -> skipBrackets();
            default -> skipWord();
        }
    }

    /** The text of a string without escapes, as names, versions and numbers in strings are. */
    String text() throws IOException {
        if (peek() != '"') {
            throw fault();
        }
        int start = at + 1;
        skipString();
        return new String(json, start, at - 1 - start, StandardCharsets.UTF_8);
    }

    /** Reads a value into an object of the API's model. */
    <T> T read(Class<T> type) throws IOException {
        peek();
        int start = at;
        skip();
        return ApiCalls.JSON.readValue(json, start, at - start, type);
    }

    /** Reads an object without one of its fields, whatever that field holds. */
    <T> T readWithout(String field, Class<T> type) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream(1024);
        enter();
        rest.write('{');
        peek();
        int start = at;
        while (next()) {
            int after = skipped();
            if (!name.equals(field)) {
                if (rest.size() > 1) {
                    rest.write(',');
                }
                rest.write(json, start, after - start);
            }
            if (peek() == ',') {
                at++;
                peek();
            }
            start = at;
        }
        rest.write('}');
        return ApiCalls.JSON.readValue(rest.toByteArray(), type);
    }

    private int skipped() throws IOException {
        skip();
        return at;
    }

    private void skipString() throws IOException {
        for (int i = at + 1; i < end; i++) {
            byte b = json[i];
            if (b == '\\') {
                i++;
            } else if (b == '"') {
                at = i + 1;
                return;
            }
        }
        throw fault();
    }

    private void skipBrackets() throws IOException {
        int depth = 0;
        while (at < end) {
            switch (json[at]) {
                case '"' -> {
                    skipString();
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
            if (depth == 0) {
                return;
            }
        }
        throw fault();
    }

    /** A number, true, false or null. */
    private void skipWord() {
        while (at < end
                && json[at] > ' '
                && json[at] != ','
                && json[at] != '}'
                && json[at] != ']') {
            at++;
        }
    }

    private void expect(char wanted) throws IOException {
        if (peek() != wanted) {
            throw fault();
        }
        at++;
    }

    /** The next byte that is not white space. */
    private byte peek() throws IOException {
        while (at < end) {
            byte b = json[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            at++;
        }
        throw fault();
    }

    private IOException fault() {
        return new IOException("no JSON after " + at + " bytes of " + end);
    }
}
