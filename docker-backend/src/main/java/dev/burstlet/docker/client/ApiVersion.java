package dev.burstlet.docker.client;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the Docker Engine API, as 1.41. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** Docker 20.10, the oldest engine that is spoken to. */
    public static final ApiVersion OLDEST = new ApiVersion(1, 41);

    /** The newest version whose changes were read; a newer engine is spoken to in this one. */
    public static final ApiVersion NEWEST = new ApiVersion(1, 51);

    private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    public static ApiVersion parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new BackendException(
                    Reason.UNAVAILABLE, "no version of the Docker Engine API: \"" + text + "\"");
        }
        return new ApiVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    /**
     * The version to speak with an engine that offers versions from {@code minimum} to {@code
     * maximum}.
     *
     * @throws BackendException UNSUPPORTED where there is none in common
     */
    public static ApiVersion negotiate(ApiVersion minimum, ApiVersion maximum) {
        ApiVersion spoken = maximum.compareTo(NEWEST) < 0 ? maximum : NEWEST;
        if (spoken.compareTo(OLDEST) < 0) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "Docker Engine API "
                            + maximum
                            + " is too old: "
                            + OLDEST
                            + " (Docker 20.10) or newer is needed");
        }
        if (spoken.compareTo(minimum) < 0) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "the engine speaks Docker Engine API "
                            + minimum
                            + " or newer, at most "
                            + NEWEST
                            + " is known here");
        }
        return spoken;
    }

    public boolean atLeast(int otherMajor, int otherMinor) {
        return compareTo(new ApiVersion(otherMajor, otherMinor)) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return Comparator.comparingInt(ApiVersion::major)
                .thenComparingInt(ApiVersion::minor)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
