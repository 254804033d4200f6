/** Streams into and out of containers: exec, attach, port forwarding, logs. */
@NullMarked
package dev.burstlet.docker.stream;

import org.jspecify.annotations.NullMarked;
