@NullMarked
package dev.burstlet.docker.stats;

import org.jspecify.annotations.NullMarked;
