/** The container engine over CRI: Kata Containers, gVisor, or any other runtime handler. */
@NullMarked
package dev.burstlet.hyper;

import org.jspecify.annotations.NullMarked;
