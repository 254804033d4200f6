package dev.burstlet.engine.probe;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long the answered probes of one kind took, counted in buckets. Safe for many threads. */
final class Latencies {
    /** Upper bounds in seconds: the defaults of Prometheus' clients, as the kubelet's. */
    static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
    private final LongAdder nanos = new LongAdder();

    void add(long took) {
        int place = Arrays.binarySearch(BOUNDS, took / 1e9);
        counts.incrementAndGet(place < 0 ? -place - 1 : place);
        nanos.add(took);
    }

    /** Counts of each bucket alone, the last one without a bound. */
    long[] counts() {
        long[] now = new long[counts.length()];
        Arrays.setAll(now, counts::get);
        return now;
    }

    double seconds() {
        return nanos.sum() / 1e9;
    }
}
