/**
 * SPDY/3.1 and WebSocket as remote commands and port-forwards speak them, joined to the pod's
 * streams with bounded memory. Start at {@link dev.burstlet.serve.stream.RemoteCommand} and {@link
 * dev.burstlet.serve.stream.PortForward}.
 */
@NullMarked
package dev.burstlet.serve.stream;

import org.jspecify.annotations.NullMarked;
