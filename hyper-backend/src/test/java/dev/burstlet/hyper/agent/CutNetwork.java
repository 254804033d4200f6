package dev.burstlet.hyper.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.opentest4j.TestAbortedException;

/**
 * A network namespace between two processes of this host, that hands on what is sent to one port.
 * Cut, it drops every packet: nobody is told, as where a switch or a host has failed.
 */
final class CutNetwork implements AutoCloseable {
    private final String name = "burstlet-" + Long.toHexString(System.nanoTime());
    private final String outside = "bl" + Integer.toHexString(name.hashCode());
    private final String net =
            "10.%d.%d."
                    .formatted(
                            ThreadLocalRandom.current().nextInt(160, 250),
                            ThreadLocalRandom.current().nextInt(1, 250));

    /** To this port of the host, whatever port is called. */
    CutNetwork(int port) {
        try {
            run("ip netns add " + name);
        } catch (IllegalStateException e) {
            throw new TestAbortedException("no network namespace can be made: " + e.getMessage());
        }
        run("ip link add " + outside + " type veth peer name eth0 netns " + name);
        run("ip addr add " + net + "1/30 dev " + outside);
        run("ip link set " + outside + " up");
        inside("ip addr add " + net + "2/30 dev eth0");
        inside("ip link set eth0 up");
        inside("ip link set lo up");
        inside("sysctl -q -w net.ipv4.ip_forward=1");
        inside(
                "iptables -w -t nat -A PREROUTING -p tcp -d %s2 -j DNAT --to-destination %s1:%d"
                        .formatted(net, net, port));
        inside("iptables -w -t nat -A POSTROUTING -p tcp -d " + net + "1 -j MASQUERADE");
    }

    /** By which the port is called. */
    String address() {
        return net + "2";
    }

    void cut() {
        inside("iptables -w -I FORWARD -j DROP");
    }

    void mend() {
        inside("iptables -w -D FORWARD -j DROP");
    }

    private void inside(String line) {
        run("ip netns exec " + name + " " + line);
    }

    private static void run(String line) {
        try {
            Process process =
                    new ProcessBuilder(List.of(line.split(" ", -1)))
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(line + ": " + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The interfaces go with the namespace. */
    @Override
    public void close() {
        run("ip netns del " + name);
    }
}
