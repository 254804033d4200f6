package dev.burstlet.app.measure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The counters and timers of an engine's operations, made when an operation is first used. */
final class RuntimeOperations {
    private static final Duration[] BUCKETS =
            IntStream.range(0, 14)
                    .mapToObj(i -> Duration.ofNanos((long) (5e6 * Math.pow(2.5, i))))
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Method, Operation> operations = new ConcurrentHashMap<>();

    private record Operation(Counter all, Counter errors, Timer duration) {}

    RuntimeOperations(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A call of the engine. */
    @FunctionalInterface
    interface Call {
        @Nullable Object run() throws Throwable;
    }

    @Nullable Object timed(Method method, Call call) throws Throwable {
        Operation operation =
                operations.computeIfAbsent(
                        method, known -> operation(MeasuredEngine.name(known.getName())));
        operation.all().increment();
        long begun = System.nanoTime();
        boolean failed = true;
        try {
            @Nullable Object result = call.run();
            failed = false;
            return result;
        } finally {
            operation.duration().record(Duration.ofNanos(System.nanoTime() - begun));
            if (failed) {
                operation.errors().increment();
            }
        }
    }

    private Operation operation(String type) {
        return new Operation(
                Counter.builder("kubelet.runtime.operations")
                        .description("Calls of the container engine.")
                        .tag("operation_type", type)
                        .register(registry),
                Counter.builder("kubelet.runtime.operations.errors")
                        .description("Calls of the container engine that failed.")
                        .tag("operation_type", type)
                        .register(registry),
                Timer.builder("kubelet.runtime.operations.duration")
                        .description("How long calls of the container engine took.")
                        .tag("operation_type", type)
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }
}
