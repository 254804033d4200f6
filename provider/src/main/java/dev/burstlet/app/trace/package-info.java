/**
 * Traces of pods' starts, sent to an OpenTelemetry collector as OTLP over HTTP, in its JSON form.
 * Start at {@link dev.burstlet.app.trace.StartTraces}.
 */
@NullMarked
package dev.burstlet.app.trace;

import org.jspecify.annotations.NullMarked;
