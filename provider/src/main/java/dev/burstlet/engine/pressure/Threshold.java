package dev.burstlet.engine.pressure;

import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * How little may be left of something.
 *
 * @param percent of the capacity, or 0 where {@code amount} counts
 */
public record Threshold(Signal signal, long amount, double percent) {

    /**
     * Reads a quantity or a percentage.
     *
     * @throws IllegalArgumentException naming the signal
     */
    public static Threshold of(Signal signal, String value) {
        try {
            if (value.endsWith("%")) {
                double percent = Double.parseDouble(value.substring(0, value.length() - 1));
                if (percent < 0 || percent >= 100) {
                    throw new IllegalArgumentException("not between 0% and 100%");
                }
                return new Threshold(signal, 0, percent);
            }
            long amount = Quantities.whole(Quantity.parse(value));
            if (amount < 0) {
                throw new IllegalArgumentException("negative");
            }
            return new Threshold(signal, amount, 0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    signal.key()
                            + ": '"
                            + value
                            + "' is neither a quantity nor a percentage: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The amount below which it is met. */
    long limit(Amount figure) {
        return percent > 0 ? (long) (figure.capacity() * percent / 100) : amount;
    }

    boolean met(Amount figure) {
        return figure.available() < limit(figure);
    }
}
