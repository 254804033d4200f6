/** Tests of pods without a cluster. */
@NullMarked
package dev.burstlet.app.play;

import org.jspecify.annotations.NullMarked;
