/**
 * <<<<<<< HEAD The port to whatever runs containers: CRI-shaped, implemented by Docker, by CRI
 * runtimes and in memory. Start at {@link dev.burstlet.container.ContainerEngine}; what every
 * implementation owes is its contract test. ======= The port to a container engine, shaped after
 * CRI: sandboxes, containers, images, streams, stats and events. Backends implement it and announce
 * themselves to {@link java.util.ServiceLoader}. >>>>>>> house
 */
@NullMarked
package dev.burstlet.container;

import org.jspecify.annotations.NullMarked;
