package dev.burstlet.container;

import dev.burstlet.container.SandboxSpec.Dns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The contents of resolv.conf(5). */
public final class ResolvConf {
    private static final List<String> STUB = List.of("127.0.0.53");

    private ResolvConf() {}

    public static String text(Dns dns) {
        StringBuilder text = new StringBuilder();
        dns.servers().forEach(server -> text.append("nameserver ").append(server).append('\n'));
        line(text, "search", dns.searches());
        line(text, "options", dns.options());
        return text.toString();
    }

    /** What a file says; a last {@code search} or {@code domain} wins, as in the resolver. */
    public static Dns parse(String text) {
        List<String> servers = new ArrayList<>();
        List<String> searches = List.of();
        List<String> options = new ArrayList<>();
        for (String line : text.lines().toList()) {
            List<String> words =
                    List.of(line.strip().split("[ \t]+")).stream()
                            .takeWhile(word -> !word.startsWith("#") && !word.startsWith(";"))
                            .toList();
            if (words.size() < 2) {
                continue;
            }
            switch (words.getFirst()) {
                case "nameserver" -> servers.add(words.get(1));
                case "search", "domain" -> searches = words.subList(1, words.size());
                case "options" -> options.addAll(words.subList(1, words.size()));
                default -> {}
            }
        }
        return new Dns(servers, searches, options);
    }

    /**
     * What a host's own file says; of systemd-resolved, which listens on the host's loopback alone,
     * what it asks itself.
     *
     * @param file {@code /etc/resolv.conf}
     * @param behind {@code /run/systemd/resolve/resolv.conf}
     */
    public static Dns ofHost(Path file, Path behind) throws IOException {
        Dns dns = parse(Files.readString(file));
        return dns.servers().equals(STUB) && Files.exists(behind)
                ? parse(Files.readString(behind))
                : dns;
    }

    /** Without servers on a loopback address: a pod has another loopback. */
    public static Dns reachable(Dns dns) {
        return new Dns(
                dns.servers().stream()
                        .filter(server -> !server.startsWith("127.") && !server.equals("::1"))
                        .collect(Collectors.toList()),
                dns.searches(),
                dns.options());
    }

    private static void line(StringBuilder text, String keyword, List<String> words) {
        if (!words.isEmpty()) {
            text.append(keyword).append(' ').append(String.join(" ", words)).append('\n');
        }
    }
}
