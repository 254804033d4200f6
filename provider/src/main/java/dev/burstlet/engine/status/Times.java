package dev.burstlet.engine.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as the API has them: RFC 3339 in whole seconds. */
final class Times {
    private Times() {}

    static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
