package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arithmetic on quantities and resource lists. What is absent counts as zero. */
public final class Quantities {
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private Quantities() {}

    /** The exact number, in the resource's base unit (cores, bytes). */
    public static BigDecimal value(@Nullable Quantity quantity) {
        return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
    }

    /** The number rounded up. */
    public static long whole(@Nullable Quantity quantity) {
        return ceil(value(quantity));
    }

    /** Thousandths, rounded up. */
    public static long millis(@Nullable Quantity quantity) {
        return ceil(value(quantity).multiply(THOUSAND));
    }

    public static long whole(@Nullable Map<String, Quantity> resources, String name) {
        return whole(get(resources, name));
    }

    public static long millis(@Nullable Map<String, Quantity> resources, String name) {
        return millis(get(resources, name));
    }

    public static boolean positive(@Nullable Quantity quantity) {
        return value(quantity).signum() > 0;
    }

    /** One quantity of a list that may itself be absent. */
    public static @Nullable Quantity get(@Nullable Map<String, Quantity> resources, String name) {
        return resources == null ? null : resources.get(name);
    }

    /** Whether a resource is an extended one: of a domain that is not Kubernetes' own. */
    public static boolean isExtended(String name) {
        return name.contains("/") && !name.contains("kubernetes.io/");
    }

    /** A plain quantity of this number. */
    public static Quantity of(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return plain.scale() <= 0
                ? new Quantity(plain.toBigInteger().toString())
                : new Quantity(ceil(value.multiply(THOUSAND)) + "m");
    }

    /** The sum of two lists, name by name. */
    public static Map<String, Quantity> sum(
            @Nullable Map<String, Quantity> a, @Nullable Map<String, Quantity> b) {
        Map<String, Quantity> sum = copy(a);
        copy(b).forEach((name, q) -> sum.merge(name, q, (x, y) -> of(value(x).add(value(y)))));
        return sum;
    }

    /** The greater of two lists, name by name. */
    public static Map<String, Quantity> max(
            @Nullable Map<String, Quantity> a, @Nullable Map<String, Quantity> b) {
        Map<String, Quantity> max = copy(a);
        copy(b).forEach((name, q) ->
                max.merge(name, q, (x, y) -> value(x).compareTo(value(y)) >= 0 ? x : y));
        return max;
    }

    private static Map<String, Quantity> copy(@Nullable Map<String, Quantity> resources) {
        return resources == null ? new LinkedHashMap<>() : new LinkedHashMap<>(resources);
    }

    private static long ceil(BigDecimal value) {
        BigDecimal whole = value.setScale(0, RoundingMode.CEILING);
        return whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Long.MAX_VALUE
                : whole.longValue();
    }
}
