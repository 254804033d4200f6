/**
 * What a pod's bundle asks of a container engine: volumes, sandbox, containers and contents, as the
 * kubelet would ask it. Pure: no I/O, no clock, the same answer for the same bundle. Start at
 * {@link dev.burstlet.engine.desired.PodTranslator}; {@link dev.burstlet.engine.desired.PodSpecs}
 * has the views of a pod's spec that others share.
 */
@NullMarked
package dev.burstlet.engine.desired;

import org.jspecify.annotations.NullMarked;
