/** Usage of containers and of the host as the engine tells it. */
@NullMarked
package dev.burstlet.docker.stats;

import org.jspecify.annotations.NullMarked;
