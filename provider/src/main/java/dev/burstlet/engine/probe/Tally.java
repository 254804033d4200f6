package dev.burstlet.engine.probe;

/**
 * Where a probe stands: the standing result, and how often in a row the last outcome came. The
 * standing result changes only when the threshold is reached.
 */
record Tally(Standing standing, boolean last, int run) {
    /** The result that counts. */
    enum Standing {
        UNKNOWN,
        SUCCESS,
        FAILURE
    }

    static Tally of(Standing standing) {
        return new Tally(standing, false, 0);
    }

    Tally next(boolean success, int successThreshold, int failureThreshold) {
        int nextRun = run > 0 && last == success ? run + 1 : 1;
        boolean reached = nextRun >= (success ? successThreshold : failureThreshold);
        Standing next = !reached ? standing : success ? Standing.SUCCESS : Standing.FAILURE;
        return new Tally(next, success, nextRun);
    }
}
