package dev.burstlet.container.memory;

import dev.burstlet.pod.BackendException;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The IPv4 addresses of a subnet, given out in turn so that one is not soon used again. */
final class AddressPool {
    private static final Pattern CIDR =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    private final String subnet;
    private final long network;
    private final int size;
    private final BitSet used = new BitSet();
    private int last = 1;

    AddressPool(String subnet) {
        this.subnet = subnet;
        Matcher matcher = CIDR.matcher(subnet);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an IPv4 subnet: " + subnet);
        }
        long address = 0;
        for (int i = 1; i <= 4; i++) {
            int octet = Integer.parseInt(matcher.group(i));
            if (octet > 255) {
                throw new IllegalArgumentException("not an IPv4 subnet: " + subnet);
            }
            address = address << 8 | octet;
        }
        int prefix = Integer.parseInt(matcher.group(5));
        if (prefix < 8 || prefix > 30) {
            throw new IllegalArgumentException("prefix must be /8 to /30: " + subnet);
        }
        this.size = 1 << (32 - prefix);
        this.network = address / size * size;
    }

    String subnet() {
        return subnet;
    }

    synchronized String take() {
        for (int tried = 0; tried < size; tried++) {
            last = last + 1 >= size - 1 ? 2 : last + 1;
            if (!used.get(last)) {
                used.set(last);
                return text(network + last);
            }
        }
        throw new BackendException(
                BackendException.Reason.ENGINE, "no free address left in " + subnet);
    }

    synchronized void give(String address) {
        long value = 0;
        for (String octet : address.split("\\.", -1)) {
            value = value << 8 | Integer.parseInt(octet);
        }
        if (value >= network && value < network + size) {
            used.clear((int) (value - network));
        }
    }

    private static String text(long address) {
        return (address >> 24 & 255)
                + "."
                + (address >> 16 & 255)
                + "."
                + (address >> 8 & 255)
                + "."
                + (address & 255);
    }
}
