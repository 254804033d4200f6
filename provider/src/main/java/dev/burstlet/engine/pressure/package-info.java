/**
 * Shortages of the host and which pod has to go for them, by the rules of the Kubernetes
 * documentation on node-pressure eviction: pure. Start at {@link
 * dev.burstlet.engine.pressure.Pressure}.
 */
@NullMarked
package dev.burstlet.engine.pressure;

import org.jspecify.annotations.NullMarked;
