/**
 * Connections of our own to an engine: docker-java cannot half-close a stream, does not end at once
 * when its caller is interrupted, and has no detach keys to turn off. Start with {@link
 * dev.burstlet.docker.wire.EngineDialer} and {@link dev.burstlet.docker.wire.Execs}.
 */
@NullMarked
package dev.burstlet.docker.wire;

import org.jspecify.annotations.NullMarked;
