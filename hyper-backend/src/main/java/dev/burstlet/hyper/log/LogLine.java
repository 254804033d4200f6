package dev.burstlet.hyper.log;

import dev.burstlet.pod.LogRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
record LogLine(String time, Instant instant, boolean stderr, boolean partial, byte[] content) {
    private static final int MAX_HEAD = 64;

    /** Empty where it is not such an entry: a line cut off by a full disk. */
    static Optional<LogLine> parse(byte[] line) {
        String head =
                new String(line, 0, Math.min(line.length, MAX_HEAD), StandardCharsets.US_ASCII);
        int first = head.indexOf(' ');
        int second = first < 0 ? -1 : head.indexOf(' ', first + 1);
        if (second < 0 || line.length < second + 2) {
            return Optional.empty();
        }
        int third = head.indexOf(' ', second + 1);
        int tagEnd = third < 0 ? line.length : third;
        String tag = new String(line, second + 1, tagEnd - second - 1, StandardCharsets.US_ASCII);
        byte[] content =
                tagEnd >= line.length
                        ? new byte[0]
                        : Arrays.copyOfRange(line, tagEnd + 1, line.length);
        try {
            String time = head.substring(0, first);
            return Optional.of(
                    new LogLine(
                            time,
                            java.time.OffsetDateTime.parse(time).toInstant(),
                            head.substring(first + 1, second).equals("stderr"),
                            tag.startsWith("P"),
                            content));
        } catch (DateTimeParseException e) {
            return Optional.empty();
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
