/**
 * The looking: what sandboxes and containers a pod has, what the host is and uses. Start at {@link
 * dev.burstlet.engine.observe.Observer}.
 */
@NullMarked
package dev.burstlet.engine.observe;

import org.jspecify.annotations.NullMarked;
