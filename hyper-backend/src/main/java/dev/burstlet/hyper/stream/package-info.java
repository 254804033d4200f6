/**
 * The runtime's streaming server, spoken to over SPDY/3.1: exec, attach and port-forward. Starting
 * point: {@link dev.burstlet.hyper.stream.StreamingClient}.
 */
@NullMarked
package dev.burstlet.hyper.stream;

import org.jspecify.annotations.NullMarked;
