/** Tests against a real engine, and what they share. */
@NullMarked
package dev.burstlet.docker;

import org.jspecify.annotations.NullMarked;
