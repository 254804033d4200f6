/** Tests of how specs and statuses are translated. */
@NullMarked
package dev.burstlet.docker.translate;

import org.jspecify.annotations.NullMarked;
