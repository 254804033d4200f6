package dev.burstlet.serve.metrics;

import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** cAdvisor's container_spec families: what containers and pods may use, by their pods' specs. */
final class SpecMetrics {
    private static final long PERIOD_MICROS = 100_000;
    private static final long LEAST_SHARES = 2;
    private static final long SHARES_OF_A_CPU = 1024;

    private final List<Row> rows = new ArrayList<>();

    private record Row(
            List<String> labels, Map<String, Quantity> requests, Map<String, Quantity> limits) {}

    void pod(String[] labels, PodSpec spec) {
        rows.add(new Row(List.of(labels), PodResources.requests(spec), PodResources.limits(spec)));
    }

    void container(String[] labels, PodSpec spec, String name) {
        Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .ifPresent(container -> rows.add(row(labels, container)));
    }

    private static Row row(String[] labels, Container container) {
        return new Row(
                List.of(labels), PodResources.requests(container), PodResources.limits(container));
    }

    void write(Exposition out) {
        gauge(out, "cpu_period", "CPU period in microseconds.", _ -> PERIOD_MICROS);
        gauge(
                out,
                "cpu_quota",
                "CPU time within a period in microseconds; none without a limit.",
                SpecMetrics::quota);
        gauge(out, "cpu_shares", "CPU shares, by the request.", SpecMetrics::shares);
        gauge(
                out,
                "memory_limit_bytes",
                "Memory limit in bytes; 0 without one.",
                row -> Quantities.whole(row.limits(), PodResources.MEMORY));
    }

    private void gauge(
            Exposition out, String name, String help, Function<Row, @Nullable Long> value) {
        out.family("container_spec_" + name, "gauge", help);
        for (Row row : rows) {
            out.sample(value.apply(row), null, row.labels().toArray(String[]::new));
        }
    }

    private static @Nullable Long quota(Row row) {
        long millis = Quantities.millis(row.limits(), PodResources.CPU);
        return millis == 0 ? null : Long.valueOf(millis * PERIOD_MICROS / 1000);
    }

    private static Long shares(Row row) {
        long millis = Quantities.millis(row.requests(), PodResources.CPU);
        return Math.max(LEAST_SHARES, millis * SHARES_OF_A_CPU / 1000);
    }
}
