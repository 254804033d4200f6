/**
 * The contract between the cluster side and the host side: what a virtual kubelet asks of the place
 * where its pods run. Start at {@link dev.burstlet.pod.PodLifecycle}; what goes in is a {@link
 * dev.burstlet.pod.PodBundle}, what comes back are {@link dev.burstlet.pod.PodReport}s.
 */
@NullMarked
package dev.burstlet.pod;

import org.jspecify.annotations.NullMarked;
