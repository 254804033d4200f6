package dev.burstlet.engine.probe;

import org.jspecify.annotations.Nullable;

/**
 * What the probes say of a running container.
 *
 * @param started the startup probe succeeded or there is none
 * @param ready the readiness probe succeeds or there is none
 * @param failedProbe the word of the probe that wants the container ended ({@code Liveness} or
 *     {@code Startup}), or null
 * @param graceSeconds that probe's own terminationGracePeriodSeconds, or null for the pod's
 */
public record ProbeVerdict(
        boolean started, boolean ready, @Nullable String failedProbe, @Nullable Long graceSeconds) {
    /** Of a container without probes. */
    public static final ProbeVerdict HEALTHY = new ProbeVerdict(true, true, null, null);
}
