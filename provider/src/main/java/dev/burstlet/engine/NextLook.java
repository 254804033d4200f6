package dev.burstlet.engine;

import dev.burstlet.engine.observe.Scope;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a worker looks at the engine next, and how much of the pod: the whole of it, but after work
 * of our own what that work has changed, unless there is another reason to look. Used by one
 * thread.
 */
final class NextLook {
    /** Events that come while work of our own goes on are most likely of that very work. */
    private static final Duration OWN_ECHO = Duration.ofMillis(200);

    private @Nullable Instant at;
    private Scope scope = Scope.ALL;

    /** Whether nothing but an event that is most likely our own work's makes it look. */
    private boolean echo;

    private int failures;

    /** Null when there is no reason to look. */
    @Nullable Instant at() {
        return at;
    }

    Scope scope() {
        return scope;
    }

    boolean due(Instant now) {
        return at != null && !now.isBefore(at);
    }

    /** Something may have changed. */
    void changed(Instant now) {
        by(now);
        echo = false;
        scope = Scope.ALL;
    }

    /** The same while work of our own goes on, at whose end it looks anyway. */
    void echoed(Instant now) {
        echo = echo || at == null;
        by(now.plus(OWN_ECHO));
        scope = Scope.ALL;
    }

    /** Work of our own has ended that changes this much. */
    void worked(Instant now, Scope changes) {
        scope = at == null || echo ? changes : Scope.ALL;
        echo = false;
        by(now);
    }

    private void by(Instant time) {
        if (at == null || time.isBefore(at)) {
            at = time;
        }
    }

    void looked() {
        at = null;
        scope = Scope.ALL;
        echo = false;
        failures = 0;
    }

    /** How often in a row it could not look, this time included. */
    int failed() {
        return ++failures;
    }

    /** It could not look, and tries again then. */
    void retry(Instant time) {
        at = time;
        scope = Scope.ALL;
        echo = false;
    }

    /** Whether the last look failed, so that what is known is not good enough to plan. */
    boolean failing() {
        return failures > 0;
    }
}
