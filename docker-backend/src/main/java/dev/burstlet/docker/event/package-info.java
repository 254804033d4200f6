/**
 * The engine's events, and whether the engine answers at all. Start at {@link
 * dev.burstlet.docker.event.EventStream}.
 */
@NullMarked
package dev.burstlet.docker.event;

import org.jspecify.annotations.NullMarked;
