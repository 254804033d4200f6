package dev.burstlet.app.measure;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;

/** This process: Prometheus' usual process families, and the JVM's. */
public final class ProcessMeters {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final int PAGE = 4096;
    private static final double NANOS = 1e9;

    private ProcessMeters() {}

    /** Registers them. */
    public static void bindTo(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            FunctionCounter.builder("jvm.gc.collections", collector, c -> c.getCollectionCount())
                    .description("Collections of the JVM's heap.")
                    .tag("gc", collector.getName())
                    .register(registry);
            FunctionCounter.builder(
                            "jvm.gc.collection", collector, c -> c.getCollectionTime() / 1e3)
                    .description("Time spent collecting.")
                    .baseUnit("seconds")
                    .tag("gc", collector.getName())
                    .register(registry);
        }
        gauge(
                registry,
                "process.start.time",
                "seconds",
                "Start of the process, Unix time.",
                _ -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        gauge(registry, "process.resident.memory", "bytes", "Resident memory.", _ -> statm(1));
        gauge(registry, "process.virtual.memory", "bytes", "Virtual memory.", _ -> statm(0));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            FunctionCounter.builder("process.cpu", os, bean -> bean.getProcessCpuTime() / NANOS)
                    .description("CPU time, user and system.")
                    .baseUnit("seconds")
                    .register(registry);
            gauge(
                    registry,
                    "process.open.fds",
                    null,
                    "Open file descriptors.",
                    _ -> os.getOpenFileDescriptorCount());
            gauge(
                    registry,
                    "process.max.fds",
                    null,
                    "Most file descriptors.",
                    _ -> os.getMaxFileDescriptorCount());
        }
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            @org.jspecify.annotations.Nullable String unit,
            String help,
            ToDoubleFunction<MeterRegistry> value) {
        Gauge.builder(name, registry, value).description(help).baseUnit(unit).register(registry);
    }

    private static double statm(int field) {
        try {
            return Double.parseDouble(Files.readString(STATM).split(" ", -1)[field]) * PAGE;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }
}
