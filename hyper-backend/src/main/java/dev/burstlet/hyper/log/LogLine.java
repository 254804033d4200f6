package dev.burstlet.hyper.log;

import dev.burstlet.pod.LogRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One entry of a log file of the CRI: {@code <RFC 3339 time> stdout|stderr F|P <content>}. P is the
 * part of a line that was too long; more of it follows.
 *
 * @param time as written
 * @param content without the line's end
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Never compared; copying each line would double the work.
record LogLine(String time, boolean stderr, boolean partial, byte[] content) {
    private static final int MAX_HEAD = 64;
    private static final int DATE_END = 10;

    /** Empty where it is not such an entry: a line cut off by a full disk. */
    static Optional<LogLine> parse(byte[] line) {
        String head =
                new String(line, 0, Math.min(line.length, MAX_HEAD), StandardCharsets.ISO_8859_1);
        int first = head.indexOf(' ');
        int second = first < 0 ? -1 : head.indexOf(' ', first + 1);
        if (second < 0 || line.length < second + 2 || !hasTime(head, first)) {
            return Optional.empty();
        }
        boolean stderr = head.startsWith("stderr ", first + 1);
        if (!stderr && !head.startsWith("stdout ", first + 1)) {
            return Optional.empty();
        }
        int third = head.indexOf(' ', second + 1);
        int tagEnd = third < 0 ? line.length : third;
        boolean partial = line[second + 1] == 'P';
        byte[] content =
                tagEnd >= line.length
                        ? new byte[0]
                        : Arrays.copyOfRange(line, tagEnd + 1, line.length);
        return Optional.of(new LogLine(head.substring(0, first), stderr, partial, content));
    }

    /** Whether it looks like one: to read each would take longer than all else. */
    private static boolean hasTime(String head, int end) {
        return end > DATE_END && head.charAt(DATE_END) == 'T' && head.charAt(DATE_END - 3) == '-';
    }

    /** Whether it was written then or later. */
    boolean isSince(Instant time) {
        try {
            return !OffsetDateTime.parse(time()).toInstant().isBefore(time);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    boolean wanted(LogRequest.Source source) {
        return switch (source) {
            case ALL -> true;
            case STDOUT -> !stderr;
            case STDERR -> stderr;
        };
    }
}
