package dev.burstlet.app.measure;

import dev.burstlet.cluster.EventQueue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The queue of events on their way to the API server. */
public final class EventMeters {
    private EventMeters() {}

    /** Registers them. */
    public static void bindTo(MeterRegistry registry, EventQueue events) {
        Gauge.builder("burstlet.events.waiting", events, EventQueue::waiting)
                .description("Events that wait to be sent.")
                .register(registry);
        FunctionCounter.builder("burstlet.events.sent", events, EventQueue::sent)
                .description("Events that the API server took.")
                .register(registry);
        FunctionCounter.builder("burstlet.events.dropped", events, EventQueue::dropped)
                .description("Events that were dropped: too many, or refused.")
                .register(registry);
    }
}
