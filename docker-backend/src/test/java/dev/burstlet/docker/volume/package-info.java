@NullMarked
package dev.burstlet.docker.volume;

import org.jspecify.annotations.NullMarked;
