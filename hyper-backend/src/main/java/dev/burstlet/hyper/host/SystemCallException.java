package dev.burstlet.hyper.host;

import java.io.IOException;
import java.util.Map;

/** A system call failed; the number is that of errno. */
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Map<Integer, String> NAMES =
            Map.of(
                    1, "operation not permitted",
                    2, "no such file or directory",
                    13, "permission denied",
                    16, "device or resource busy",
                    18, "leads out of the volume",
                    20, "not a directory",
                    22, "invalid argument",
                    38, "not known to this kernel",
                    40, "too many levels of symbolic links");

    private final int number;

    SystemCallException(String what, int number) {
        super(what + ": " + NAMES.getOrDefault(number, "errno " + number));
        this.number = number;
    }

    public int number() {
        return number;
    }
}
