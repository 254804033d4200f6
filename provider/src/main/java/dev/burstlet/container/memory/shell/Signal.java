package dev.burstlet.container.memory.shell;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Linux signal numbers. */
public final class Signal {
    public static final int KILL = 9;
    public static final int TERM = 15;

    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("EXIT", 0),
                    Map.entry("HUP", 1),
                    Map.entry("INT", 2),
                    Map.entry("QUIT", 3),
                    Map.entry("ABRT", 6),
                    Map.entry("KILL", KILL),
                    Map.entry("USR1", 10),
                    Map.entry("SEGV", 11),
                    Map.entry("USR2", 12),
                    Map.entry("PIPE", 13),
                    Map.entry("ALRM", 14),
                    Map.entry("TERM", TERM),
                    Map.entry("CHLD", 17),
                    Map.entry("CONT", 18),
                    Map.entry("STOP", 19),
                    Map.entry("URG", 23),
                    Map.entry("WINCH", 28));

    private Signal() {}

    /** The number of {@code TERM}, {@code SIGTERM}, {@code 15} or {@code RTMIN+3}. */
    public static Optional<Integer> number(String name) {
        String plain = name.toUpperCase(Locale.ROOT);
        plain = plain.startsWith("SIG") ? plain.substring(3) : plain;
        if (plain.startsWith("RTMIN")) {
            String more = plain.substring(5);
            return more.isEmpty()
                    ? Optional.of(34)
                    : number(more.replace("+", "")).map(above -> 34 + above);
        }
        if (!plain.isEmpty() && plain.chars().allMatch(Character::isDigit)) {
            return Optional.of(Integer.parseInt(plain));
        }
        return Optional.ofNullable(NUMBERS.get(plain));
    }

    /** Whether a process without a handler ends. */
    public static boolean endsByDefault(int number) {
        return number != 0 && number != 17 && number != 18 && number != 23 && number != 28;
    }
}
