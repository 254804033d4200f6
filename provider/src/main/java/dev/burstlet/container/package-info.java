/**
 * The port to whatever runs containers: CRI-shaped, implemented by Docker, by CRI runtimes and in
 * memory, announced to {@link java.util.ServiceLoader}. Start at {@link
 * dev.burstlet.container.ContainerEngine}; what every implementation owes is its contract test.
 */
@NullMarked
package dev.burstlet.container;

import org.jspecify.annotations.NullMarked;
