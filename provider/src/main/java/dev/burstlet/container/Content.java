package dev.burstlet.container;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a file, compared by value and never printed: they may be secret. Immutable. */
public final class Content {
    public static final Content EMPTY = new Content("", new byte[0]);

    private static final int ASCII = 0x80;

    /** A text of ASCII alone as it came, which others keep too; the bytes of any other content. */
    private final @Nullable String text;

    private final byte[] bytes;

    private Content(@Nullable String text, byte[] bytes) {
        this.text = text;
        this.bytes = bytes;
    }

    public static Content of(byte[] bytes) {
        return new Content(null, bytes.clone());
    }

    public static Content utf8(String text) {
        return text.chars().allMatch(c -> c < ASCII)
                ? new Content(text, EMPTY.bytes)
                : new Content(null, text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return text == null ? bytes.clone() : text.getBytes(StandardCharsets.US_ASCII);
    }

    public int length() {
        return text == null ? bytes.length : text.length();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Content that)) {
            return false;
        }
        if (text != null && that.text != null) {
            return text.equals(that.text);
        }
        return length() == that.length() && Arrays.equals(bytes(), that.bytes());
    }

    /** The same for the same bytes, however they are kept. */
    @Override
    public int hashCode() {
        if (text == null) {
            return Arrays.hashCode(bytes);
        }
        int hash = 1;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    @Override
    public String toString() {
        return length() + " bytes";
    }
}
