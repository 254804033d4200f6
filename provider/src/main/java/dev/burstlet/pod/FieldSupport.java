package dev.burstlet.pod;

/**
 * How far one field of a PodSpec is supported.
 *
 * @param path below the spec, as {@code containers[].securityContext.privileged}; {@code =VALUE} at
 *     the end speaks of this value only ({@code *} for any rest), {@code {KEY}} of this key of a
 *     map
 * @param whole the row speaks of everything below the field too
 * @param words how it works, or why it is refused
 */
public record FieldSupport(String path, boolean whole, Level level, String words) {
    /** How far. */
    public enum Level {
        WORKS("works"),
        /** With the limits that the words name. */
        PARTLY("partly"),
        /** A pod that uses it is refused, naming the field. */
        REFUSED("refused"),
        /** Nothing for a node to do: the scheduler's, the API server's or a controller's matter. */
        NOT_APPLICABLE("not applicable");

        private final String words;

        Level(String words) {
            this.words = words;
        }

        /** As the documentation prints it. */
        public String words() {
            return words;
        }
    }
}
