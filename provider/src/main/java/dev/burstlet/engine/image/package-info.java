/**
 * Images: pull policy, credentials, back-off, one pull at a time, and their collection when the
 * disk fills. Start at {@link dev.burstlet.engine.image.ImageSupply}.
 */
@NullMarked
package dev.burstlet.engine.image;

import org.jspecify.annotations.NullMarked;
