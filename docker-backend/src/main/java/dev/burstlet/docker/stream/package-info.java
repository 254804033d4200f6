/**
 * Streams of containers: exec, attach, port-forward, logs. Start with {@link
 * dev.burstlet.docker.stream.DockerStreams}.
 */
@NullMarked
package dev.burstlet.docker.stream;

import org.jspecify.annotations.NullMarked;
