/** Tests of the client against an engine that fails in every way. */
@NullMarked
package dev.burstlet.docker.client;

import org.jspecify.annotations.NullMarked;
