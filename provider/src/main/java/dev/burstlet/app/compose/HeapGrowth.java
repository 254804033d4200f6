package dev.burstlet.app.compose;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the process has of the host's memory by what it needs. The serial collector lets the
 * old generation grow to its limit before it looks there for what is not needed any more; with many
 * pods that was twice what they took. So it is told to look once so much came since it last did
 * that it pays: a sixteenth of what it had found alive, or a wave of pods.
 */
public final class HeapGrowth {
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final long LEAST = 96L << 20;
    private static final int PART = 16;

    private HeapGrowth() {}

    /** Watches over this process's heap from now on, on a thread of its own. */
    public static void watch() {
        oldGeneration().ifPresent(pool -> Thread.ofVirtual().name("heap").start(() -> watch(pool)));
    }

    /** None with collectors that look there by themselves. */
    private static Optional<MemoryPoolMXBean> oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .findFirst();
    }

    private static void watch(MemoryPoolMXBean pool) {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                if (isDue(pool.getUsage(), pool.getCollectionUsage())) {
                    System.gc();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether so much came that it pays to look.
     *
     * @param found what was alive when it was last looked at; null or 0 where it never was
     */
    static boolean isDue(MemoryUsage now, @Nullable MemoryUsage found) {
        long alive = found == null ? 0 : found.getUsed();
        return now.getUsed() - alive > Math.max(LEAST, alive / PART);
    }
}
