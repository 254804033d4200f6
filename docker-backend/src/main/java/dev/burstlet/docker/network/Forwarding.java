package dev.burstlet.docker.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the pod networks of one cluster's nodes that share an engine reach each other, as pods of
 * any two nodes do: Docker keeps bridges apart, and would give what goes from one to the other the
 * host's address. Done where the bridges are of this machine, in the chain that Docker leaves to
 * its users; elsewhere the host's rules are the operator's.
 */
final class Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final int PATIENCE_SECONDS = 10;

    /** Of our rules, before the names of the bridges that they are for. */
    private static final String MARK = "burstlet:";

    private static final Pattern MARKED =
            Pattern.compile("--comment \"?" + MARK + "([^:\" ]+):([^:\" ]+)");

    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * One of the networks.
     *
     * @param bridge the interface's name
     */
    record Net(String bridge, String subnet) {
        boolean isUsable() {
            return isHere(bridge) && !subnet.isEmpty();
        }
    }

    private static boolean isHere(String bridge) {
        return Files.isDirectory(INTERFACES.resolve(bridge));
    }

    /**
     * Joins one network with others, both ways; what was set for it or for lost ones is cleared.
     */
    void join(Net one, List<Net> others) {
        if (!one.isUsable()) {
            return;
        }
        // Of all engines' networks one at a time: a rule is looked for and then added.
        synchronized (Forwarding.class) {
            joinAlone(one, others.stream().filter(Net::isUsable).toList());
        }
    }

    private void joinAlone(Net one, List<Net> others) {
        try {
            clear("filter", "DOCKER-USER", one);
            clear("nat", "POSTROUTING", one);
            for (Net other : others) {
                allow(one, other);
                allow(other, one);
            }
        } catch (IOException e) {
            if (others.isEmpty()) {
                LOG.debug("Rules of networks that are gone may be left", e);
            } else if (told.compareAndSet(false, true)) {
                LOG.warn(
                        "Pods of this engine's nodes may not reach each other: {}", e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes rules away of bridges that are gone, and of one that has another subnet now. */
    private static void clear(String table, String chain, Net one)
            throws IOException, InterruptedException {
        for (String rule : run(iptables(table, "-S", chain)).lines().toList()) {
            Matcher bridges = MARKED.matcher(rule);
            if (bridges.find() && isOld(rule, bridges.group(1), bridges.group(2), one)) {
                List<String> words = List.of(rule.replace("\"", "").split(" "));
                List<String> command = iptables(table, "-D");
                command.addAll(words.subList(1, words.size()));
                var _ = run(command);
            }
        }
    }

    private static boolean isOld(String rule, String from, String to, Net one) {
        boolean ofOne = from.equals(one.bridge()) || to.equals(one.bridge());
        boolean ofAnotherSubnet = rule.contains(" -s ") && !rule.contains(" " + one.subnet() + " ");
        return !isHere(from) || !isHere(to) || (ofOne && ofAnotherSubnet);
    }

    private static void allow(Net from, Net to) throws IOException, InterruptedException {
        String mark = MARK + from.bridge() + ":" + to.bridge();
        add("filter", "DOCKER-USER", mark, "-i", from.bridge(), "-o", to.bridge());
        add("nat", "POSTROUTING", mark, "-s", from.subnet(), "-d", to.subnet());
    }

    private static void add(String table, String chain, String mark, String... match)
            throws IOException, InterruptedException {
        List<String> rule = new ArrayList<>(List.of(chain));
        rule.addAll(List.of(match));
        rule.addAll(List.of("-m", "comment", "--comment", mark, "-j", "ACCEPT"));
        List<String> look = iptables(table, "-C");
        look.addAll(rule);
        try {
            var _ = run(look);
        } catch (IOException e) {
            List<String> add = iptables(table, "-I");
            add.addAll(rule);
            var _ = run(add);
        }
    }

    private static List<String> iptables(String table, String... words) {
        List<String> command = new ArrayList<>(List.of("iptables", "-w", "5", "-t", table));
        command.addAll(List.of(words));
        return command;
    }

    /** What the command says, which is known to have succeeded. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        // Its end, or that of our patience, ends what there is to read.
        var _ =
                process.onExit()
                        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .exceptionally(_ -> process.destroyForcibly());
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(
                    "%s: status %d: %s".formatted(String.join(" ", command), status, said));
        }
        return said;
    }
}
