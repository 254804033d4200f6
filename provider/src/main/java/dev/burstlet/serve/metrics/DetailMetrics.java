package dev.burstlet.serve.metrics;

import dev.burstlet.pod.HostStats.Details;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** cAdvisor's families of single containers that only some engines have figures for. */
final class DetailMetrics {
    private final List<Row> rows = new ArrayList<>();

    private record Row(List<String> labels, Instant time, Details details) {}

    void container(String[] labels, Instant time, Details details) {
        rows.add(new Row(List.of(labels), time, details));
    }

    void write(Exposition out) {
        seconds(out, "cpu_user_seconds_total", "CPU time in user mode", Details::userNanoSeconds);
        seconds(
                out,
                "cpu_system_seconds_total",
                "CPU time in the kernel",
                Details::systemNanoSeconds);
        counter(out, "cpu_cfs_periods_total", "Periods of the CPU quota", Details::periods);
        counter(
                out,
                "cpu_cfs_throttled_periods_total",
                "Periods in which the quota was used up",
                Details::throttledPeriods);
        seconds(
                out,
                "cpu_cfs_throttled_seconds_total",
                "Time waited for the next period",
                Details::throttledNanoSeconds);
        gauge(out, "memory_cache", "Page cache in bytes", Details::cacheBytes);
        gauge(out, "memory_mapped_file", "Mapped files in bytes", Details::mappedFileBytes);
        gauge(out, "memory_swap", "Swap in bytes", Details::swapBytes);
        counter(out, "fs_reads_bytes_total", "Bytes read from disks", Details::readBytes);
        counter(out, "fs_writes_bytes_total", "Bytes written to disks", Details::writtenBytes);
        counter(out, "fs_reads_total", "Reads from disks", Details::reads);
        counter(out, "fs_writes_total", "Writes to disks", Details::writes);
    }

    private void seconds(
            Exposition out, String name, String help, Function<Details, @Nullable Long> value) {
        if (begin(out, name, "counter", help, value)) {
            rows.forEach(row -> out.seconds(value.apply(row.details()), row.time(), labels(row)));
        }
    }

    private void counter(
            Exposition out, String name, String help, Function<Details, @Nullable Long> value) {
        if (begin(out, name, "counter", help, value)) {
            rows.forEach(row -> out.sample(value.apply(row.details()), row.time(), labels(row)));
        }
    }

    private void gauge(
            Exposition out, String name, String help, Function<Details, @Nullable Long> value) {
        if (begin(out, name, "gauge", help, value)) {
            rows.forEach(row -> out.sample(value.apply(row.details()), row.time(), labels(row)));
        }
    }

    /** No family where no container has a figure. */
    private boolean begin(
            Exposition out,
            String name,
            String type,
            String help,
            Function<Details, @Nullable Long> value) {
        boolean known = rows.stream().anyMatch(row -> value.apply(row.details()) != null);
        if (known) {
            out.family("container_" + name, type, help + ".");
        }
        return known;
    }

    private static String[] labels(Row row) {
        return row.labels().toArray(String[]::new);
    }
}
