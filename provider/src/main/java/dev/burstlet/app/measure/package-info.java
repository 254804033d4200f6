/**
 * What this process counts and times of itself, under the kubelet's metric names where those exist.
 * Start at {@link dev.burstlet.app.measure.NodeMeters}.
 */
@NullMarked
package dev.burstlet.app.measure;

import org.jspecify.annotations.NullMarked;
