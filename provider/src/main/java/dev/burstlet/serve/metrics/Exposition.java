package dev.burstlet.serve.metrics;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text in the Prometheus exposition format, version 0.0.4, written family by family. */
final class Exposition {
    private static final int NANO_DIGITS = 9;

    private final StringBuilder text = new StringBuilder(4096);
    private String family = "";

    /** Begins a family; its samples follow. */
    Exposition family(String name, String type, String help) {
        family = name;
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** A sample; nothing where the value is unknown. */
    void sample(@Nullable Long value, @Nullable Instant time, String... labels) {
        if (value != null) {
            line(Long.toString(value), time, labels);
        }
    }

    /**
     * The samples of a histogram.
     *
     * @param counts of each bucket alone, one more than bounds
     */
    void histogram(List<Double> bounds, List<Long> counts, double sum, String... labels) {
        String name = family;
        long total = 0;
        family = name + "_bucket";
        String[] bucket = Arrays.copyOf(labels, labels.length + 2);
        bucket[labels.length] = "le";
        for (int i = 0; i < counts.size(); i++) {
            total += counts.get(i);
            bucket[labels.length + 1] = i < bounds.size() ? bound(bounds.get(i)) : "+Inf";
            line(Long.toString(total), null, bucket);
        }
        family = name + "_sum";
        line(Double.toString(sum), null, labels);
        family = name + "_count";
        line(Long.toString(total), null, labels);
        family = name;
    }

    /** As Prometheus' own clients write bounds: 1, not 1.0. */
    private static String bound(double seconds) {
        return BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
    }

    /** A sample in seconds of a value in nanoseconds; nothing where it is unknown. */
    void seconds(@Nullable Long nanos, @Nullable Instant time, String... labels) {
        if (nanos != null) {
            BigDecimal seconds = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
            line(seconds.toPlainString(), time, labels);
        }
    }

    private void line(String value, @Nullable Instant time, String... labels) {
        text.append(family);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            escape(labels[i + 1]);
            text.append('"');
        }
        text.append(labels.length == 0 ? " " : "} ").append(value);
        if (time != null) {
            text.append(' ').append(time.toEpochMilli());
        }
        text.append('\n');
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
