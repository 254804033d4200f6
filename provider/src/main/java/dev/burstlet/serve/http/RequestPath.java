package dev.burstlet.serve.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request's path, decoded once into segments, so that what is authorized is what is routed. A
 * final slash is not a segment.
 */
public record RequestPath(List<String> segments) {
    public RequestPath {
        segments = List.copyOf(segments);
    }

    /** Empty for a path that is not plain: empty or dot segments, encoded slashes, bad escapes. */
    public static Optional<RequestPath> parse(String raw) {
        if (!raw.startsWith("/")) {
            return Optional.empty();
        }
        List<String> segments = new ArrayList<>();
        String[] parts = raw.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            if (parts[i].isEmpty() && last) {
                break;
            }
            Optional<String> decoded = decode(parts[i]);
            if (decoded.isEmpty() || !plain(decoded.get())) {
                return Optional.empty();
            }
            segments.add(decoded.get());
        }
        return Optional.of(new RequestPath(segments));
    }

    public String first() {
        return segments.isEmpty() ? "" : segments.getFirst();
    }

    public int size() {
        return segments.size();
    }

    public String segment(int index) {
        return segments.get(index);
    }

    @Override
    public String toString() {
        return "/" + String.join("/", segments);
    }

    private static boolean plain(String segment) {
        return !segment.isEmpty()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || c < ' ' || c == 127);
    }

    private static Optional<String> decode(String part) {
        byte[] bytes = new byte[part.length()];
        int length = 0;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < part.length();
                int high = whole ? Character.digit(part.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(part.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return Optional.empty();
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c > 126) {
                return Optional.empty();
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }
}
