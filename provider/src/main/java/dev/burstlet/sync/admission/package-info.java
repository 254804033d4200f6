/**
 * Whether a node takes a pod that is bound to it: the kubelet's own checks, in its words, and this
 * node's policy. Pure. Start at {@link dev.burstlet.sync.admission.Admission}.
 */
@NullMarked
package dev.burstlet.sync.admission;

import org.jspecify.annotations.NullMarked;
