/**
 * Pods' volumes as directories of the host, in the layout of the kubelet, by which VM runtimes
 * recognise what is in them. Starting point: {@link dev.burstlet.hyper.volume.VolumeTree}.
 */
@NullMarked
package dev.burstlet.hyper.volume;

import org.jspecify.annotations.NullMarked;
