/** Tests of the traces. */
@NullMarked
package dev.burstlet.app.trace;

import org.jspecify.annotations.NullMarked;
