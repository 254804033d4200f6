/** Tests of connections against an engine played byte by byte. */
@NullMarked
package dev.burstlet.docker.wire;

import org.jspecify.annotations.NullMarked;
