/**
 * Usage of the host, sandboxes and containers. Starting point: {@link
 * dev.burstlet.hyper.stats.UsageReader}.
 */
@NullMarked
package dev.burstlet.hyper.stats;

import org.jspecify.annotations.NullMarked;
