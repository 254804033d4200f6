/**
 * A pod's status in the kubelet's words, computed from what was seen and what is remembered: pure.
 * Start at {@link dev.burstlet.engine.status.PodStatuses}.
 */
@NullMarked
package dev.burstlet.engine.status;

import org.jspecify.annotations.NullMarked;
