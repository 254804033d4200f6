/**
 * What changes on the runtime, from its own event stream. Starting point: {@link
 * dev.burstlet.hyper.event.EventFeed}.
 */
@NullMarked
package dev.burstlet.hyper.event;

import org.jspecify.annotations.NullMarked;
