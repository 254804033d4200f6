/**
 * The port to a container engine, shaped after CRI: sandboxes, containers, images, streams, stats
 * and events. Backends implement it and announce themselves to {@link java.util.ServiceLoader}.
 */
@NullMarked
package dev.burstlet.container;

import org.jspecify.annotations.NullMarked;
