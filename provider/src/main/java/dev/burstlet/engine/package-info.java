/**
 * The semantics of pods as a kubelet gives them, over any container engine: from the desired and
 * the observed state a pure plan, and an executor that carries it out.
 */
@NullMarked
package dev.burstlet.engine;

import org.jspecify.annotations.NullMarked;
