/**
 * The contract's values as messages of burstlet.v1 and back. Start at {@link
 * dev.burstlet.hyper.wire.Bundles} and {@link dev.burstlet.hyper.wire.Reports}.
 */
@NullMarked
package dev.burstlet.hyper.wire;

import org.jspecify.annotations.NullMarked;
