/**
 * Usage of containers, sandboxes and the host as the engine and its host tell it. Start with {@link
 * dev.burstlet.docker.stats.DockerStats}.
 */
@NullMarked
package dev.burstlet.docker.stats;

import org.jspecify.annotations.NullMarked;
