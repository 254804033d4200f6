/** A real Docker Engine for the tests of this module. */
@NullMarked
package dev.burstlet.docker.testing;

import org.jspecify.annotations.NullMarked;
