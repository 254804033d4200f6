/**
 * Containers and sandboxes on the engine: made, started, ended, removed and listed. Start at {@link
 * dev.burstlet.docker.container.Sandboxes} and {@link dev.burstlet.docker.container.Containers}.
 */
@NullMarked
package dev.burstlet.docker.container;

import org.jspecify.annotations.NullMarked;
