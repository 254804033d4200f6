/**
 * Startup, liveness and readiness probes as the kubelet runs them. Start at {@link
 * dev.burstlet.engine.probe.ProbeSupervisor}; {@link dev.burstlet.engine.probe.ProbeTransport} does
 * a single probe.
 */
@NullMarked
package dev.burstlet.engine.probe;

import org.jspecify.annotations.NullMarked;
