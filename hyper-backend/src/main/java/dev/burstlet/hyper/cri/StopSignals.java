package dev.burstlet.hyper.cri;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signals by name, with Linux' numbers. */
final class StopSignals {
    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST_REAL_TIME = 64;
    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("SIGHUP", 1),
                    Map.entry("SIGINT", 2),
                    Map.entry("SIGQUIT", 3),
                    Map.entry("SIGILL", 4),
                    Map.entry("SIGTRAP", 5),
                    Map.entry("SIGABRT", 6),
                    Map.entry("SIGIOT", 6),
                    Map.entry("SIGBUS", 7),
                    Map.entry("SIGFPE", 8),
                    Map.entry("SIGKILL", 9),
                    Map.entry("SIGUSR1", 10),
                    Map.entry("SIGSEGV", 11),
                    Map.entry("SIGUSR2", 12),
                    Map.entry("SIGPIPE", 13),
                    Map.entry("SIGALRM", 14),
                    Map.entry("SIGTERM", 15),
                    Map.entry("SIGSTKFLT", 16),
                    Map.entry("SIGCHLD", 17),
                    Map.entry("SIGCLD", 17),
                    Map.entry("SIGCONT", 18),
                    Map.entry("SIGSTOP", 19),
                    Map.entry("SIGTSTP", 20),
                    Map.entry("SIGTTIN", 21),
                    Map.entry("SIGTTOU", 22),
                    Map.entry("SIGURG", 23),
                    Map.entry("SIGXCPU", 24),
                    Map.entry("SIGXFSZ", 25),
                    Map.entry("SIGVTALRM", 26),
                    Map.entry("SIGPROF", 27),
                    Map.entry("SIGWINCH", 28),
                    Map.entry("SIGIO", 29),
                    Map.entry("SIGPOLL", 29),
                    Map.entry("SIGPWR", 30),
                    Map.entry("SIGSYS", 31),
                    Map.entry("SIGRTMIN", FIRST_REAL_TIME),
                    Map.entry("SIGRTMAX", LAST_REAL_TIME));

    private StopSignals() {}

    static int number(String name) {
        @Nullable Integer number = NUMBERS.get(name);
        if (number != null) {
            return number;
        }
        try {
            if (name.startsWith("SIGRTMIN+")) {
                return FIRST_REAL_TIME + Integer.parseInt(name.substring(9));
            }
            if (name.startsWith("SIGRTMAX-")) {
                return LAST_REAL_TIME - Integer.parseInt(name.substring(9));
            }
        } catch (NumberFormatException e) {
            throw unknown(name);
        }
        throw unknown(name);
    }

    private static BackendException unknown(String name) {
        return new BackendException(Reason.INVALID, "lifecycle.stopSignal: no signal " + name);
    }
}
