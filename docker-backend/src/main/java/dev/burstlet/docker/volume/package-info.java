/** Pods' volumes as volumes of the engine. */
@NullMarked
package dev.burstlet.docker.volume;

import org.jspecify.annotations.NullMarked;
