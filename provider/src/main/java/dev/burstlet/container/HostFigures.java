package dev.burstlet.container;

import org.jspecify.annotations.Nullable;

/**
 * How much a host has left of what its pods share; null where it cannot be told. Cheap enough to be
 * asked every few seconds.
 *
 * @param memory bytes; available is all but the working set
 * @param nodefs bytes of the file system that volumes and logs are on
 * @param nodefsInodes of the same
 * @param imagefs bytes of the file system that images and containers' layers are on
 * @param imagefsInodes of the same
 * @param pids process ids
 */
public record HostFigures(
        @Nullable Amount memory,
        @Nullable Amount nodefs,
        @Nullable Amount nodefsInodes,
        @Nullable Amount imagefs,
        @Nullable Amount imagefsInodes,
        @Nullable Amount pids) {
    public static final HostFigures UNKNOWN = new HostFigures(null, null, null, null, null, null);

    /** What is left of what there is. */
    public record Amount(long available, long capacity) {
        /** Null where one is not known. */
        public static @Nullable Amount of(@Nullable Long available, @Nullable Long capacity) {
            return available == null || capacity == null || capacity <= 0
                    ? null
                    : new Amount(available, capacity);
        }
    }
}
