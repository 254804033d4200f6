@NullMarked
package dev.burstlet.docker.stream;

import org.jspecify.annotations.NullMarked;
