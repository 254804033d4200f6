package dev.burstlet.engine.pressure;

/** Amounts as the kubelet's messages show them. */
final class Amounts {
    private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

    private Amounts() {}

    /** Bytes in the largest binary unit that is whole, counts in plain numbers. */
    static String shown(String resource, long amount) {
        if (resource.equals("inodes") || resource.equals("pids")) {
            return Long.toString(amount);
        }
        long rest = amount;
        int unit = 0;
        while (rest != 0 && rest % 1024 == 0 && unit < UNITS.length - 1) {
            rest /= 1024;
            unit++;
        }
        return rest + UNITS[unit];
    }
}
