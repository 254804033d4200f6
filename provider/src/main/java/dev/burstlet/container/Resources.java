package dev.burstlet.container;

/**
 * Limits as cgroups have them; 0 is no limit.
 *
 * @param cpuShares cgroup v1 shares, 2 to 262144
 * @param cpuQuotaMicros microseconds of CPU per period
 * @param cpuPeriodMicros the period in microseconds, 100000 in Kubernetes
 * @param memoryBytes the memory limit, swap not added
 * @param oomScoreAdj -1000 to 1000; an engine that may not set it uses the nearest it may
 * @param pids limit of processes
 */
public record Resources(
        long cpuShares,
        long cpuQuotaMicros,
        long cpuPeriodMicros,
        long memoryBytes,
        int oomScoreAdj,
        long pids) {
    public static final Resources NONE = new Resources(0, 0, 0, 0, 0, 0);

    /** The larger limit of each kind; what is no limit is larger than any. */
    public Resources raisedTo(Resources other) {
        return new Resources(
                Math.max(cpuShares, other.cpuShares),
                larger(cpuQuotaMicros, other.cpuQuotaMicros),
                other.cpuPeriodMicros,
                larger(memoryBytes, other.memoryBytes),
                other.oomScoreAdj,
                larger(pids, other.pids));
    }

    private static long larger(long one, long other) {
        return one == 0 || other == 0 ? 0 : Math.max(one, other);
    }
}
