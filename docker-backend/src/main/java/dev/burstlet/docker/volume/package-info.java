/**
 * Pods' volumes as Docker volumes that the sandbox holds mounted beneath {@code /volumes}, so that
 * the tool in the sandbox reaches them whatever becomes of the engine. All contents in RAM (config
 * maps, secrets, tokens) share one tmpfs with a directory each. Start with {@link
 * dev.burstlet.docker.volume.DockerVolumes}.
 */
@NullMarked
package dev.burstlet.docker.volume;

import org.jspecify.annotations.NullMarked;
