@NullMarked
package dev.burstlet.docker.image;

import org.jspecify.annotations.NullMarked;
