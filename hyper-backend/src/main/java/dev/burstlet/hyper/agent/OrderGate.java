package dev.burstlet.hyper.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets wishes for a pod through in their order only: one that was overtaken must not undo what came
 * after it, least of all start a pod again that is gone. What was seen is remembered for a while.
 */
final class OrderGate {
    private static final Duration KEPT = Duration.ofHours(2);

    private final InstantSource clock;
    private final Map<String, Seen> byUid = new LinkedHashMap<>();

    OrderGate(InstantSource clock) {
        this.clock = clock;
    }

    /** What is to be done with a wish. */
    enum Verdict {
        /** Newer than all before. */
        NEW,
        /** The one that came last, once more. */
        REPEATED,
        /** One that a newer one overtook. */
        OVERTAKEN
    }

    /** Judges a wish, and carries it out at once where it is new: no other comes in between. */
    synchronized Verdict pass(String uid, long order, Runnable wish) {
        Seen seen = byUid.get(uid);
        if (seen != null && order <= seen.order()) {
            return order == seen.order() ? Verdict.REPEATED : Verdict.OVERTAKEN;
        }
        wish.run();
        Instant now = clock.instant();
        byUid.remove(uid);
        byUid.put(uid, new Seen(order, now));
        // Oldest first: what was touched last stands at the end.
        byUid.values().removeIf(one -> one.at().isBefore(now.minus(KEPT)));
        return Verdict.NEW;
    }

    private record Seen(long order, Instant at) {}
}
