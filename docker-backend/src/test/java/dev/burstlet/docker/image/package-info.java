/** Tests of references and failed pulls. */
@NullMarked
package dev.burstlet.docker.image;

import org.jspecify.annotations.NullMarked;
