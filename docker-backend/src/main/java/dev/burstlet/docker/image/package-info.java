/**
 * Images that the engine is given rather than pulls. Start with {@link
 * dev.burstlet.docker.image.PauseImage}.
 */
@NullMarked
package dev.burstlet.docker.image;

import org.jspecify.annotations.NullMarked;
