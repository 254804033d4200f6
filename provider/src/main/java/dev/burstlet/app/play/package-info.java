/**
 * Pods of a manifest, without a cluster: what {@code burstlet play} reads. Start at {@link
 * dev.burstlet.app.play.Manifest}.
 */
@NullMarked
package dev.burstlet.app.play;

import org.jspecify.annotations.NullMarked;
