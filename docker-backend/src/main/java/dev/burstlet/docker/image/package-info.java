/**
 * Images on the engine: status, pulls, removal, and the image that sandboxes are made of. Start at
 * {@link dev.burstlet.docker.image.Images}.
 */
@NullMarked
package dev.burstlet.docker.image;

import org.jspecify.annotations.NullMarked;
