/** Tests of the whole: the rules of the architecture, and the distribution end to end. */
@NullMarked
package dev.burstlet.deploy;

import org.jspecify.annotations.NullMarked;
