package dev.burstlet.docker.testing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Pod networks for tests, so that runs side by side on one engine do not meet. */
public final class Subnets {
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(1 << 10));

    private Subnets() {}

    /** Another one with each call, of 10.208.0.0 to 10.211.255.0. */
    public static String next() {
        int third = NEXT.getAndIncrement() & ((1 << 10) - 1);
        return "10." + (208 + (third >> 8)) + "." + (third & 255) + ".0/24";
    }
}
