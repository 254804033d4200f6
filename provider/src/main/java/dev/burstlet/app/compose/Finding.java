package dev.burstlet.app.compose;

/** One thing that was looked at, and whether it is as it should be. */
public record Finding(boolean good, String text) {
    static Finding ok(String text) {
        return new Finding(true, text);
    }

    static Finding wrong(String text) {
        return new Finding(false, text);
    }
}
