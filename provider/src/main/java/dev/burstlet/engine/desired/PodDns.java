package dev.burstlet.engine.desired;

import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.NodeContext.ClusterDns;
import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pod's resolver settings by its dnsPolicy and dnsConfig, within the limits that Kubernetes sets.
 *
 * @param warnings what was left out, for events
 */
record PodDns(Dns dns, List<Warning> warnings) {
    private static final int SERVERS = 3;
    private static final int SEARCHES = 32;
    private static final int SEARCH_CHARACTERS = 2048;

    /**
     * @param host the host's own settings, asked for where the policy has to do with them
     */
    static PodDns of(PodBundle bundle, Supplier<Dns> host) {
        List<Warning> warnings = new ArrayList<>();
        Dns base = base(bundle, host, warnings);
        PodDNSConfig config = bundle.pod().getSpec().getDnsConfig();
        Dns merged = config == null ? base : merged(base, config);
        return new PodDns(limited(merged, warnings), List.copyOf(warnings));
    }

    private static Dns base(PodBundle bundle, Supplier<Dns> host, List<Warning> warnings) {
        PodSpec spec = bundle.pod().getSpec();
        String policy = spec.getDnsPolicy() == null ? "ClusterFirst" : spec.getDnsPolicy();
        boolean onHost = Boolean.TRUE.equals(spec.getHostNetwork());
        return switch (policy) {
            case "None" -> new Dns(List.of(), List.of(), List.of());
            case "Default" -> host.get();
            case "ClusterFirst" -> onHost ? host.get() : cluster(bundle, host, policy, warnings);
            case "ClusterFirstWithHostNet" -> cluster(bundle, host, policy, warnings);
            default -> throw ConfigException.sandbox("spec.dnsPolicy: invalid DNSPolicy=" + policy);
        };
    }

    private static Dns cluster(
            PodBundle bundle, Supplier<Dns> host, String policy, List<Warning> warnings) {
        ClusterDns cluster = bundle.node().dns();
        if (cluster.servers().isEmpty()) {
            warnings.add(
                    new Warning(
                            "MissingClusterDNS",
                            "pod: \"%s\". kubelet does not have ClusterDNS IP configured and cannot create Pod using \"%s\" policy. Falling back to \"Default\" policy."
                                    .formatted(PodNames.formatted(bundle.key()), policy)));
            return host.get();
        }
        List<String> searches = new ArrayList<>();
        String domain = cluster.domain();
        if (!domain.isEmpty()) {
            searches.add(bundle.key().namespace() + ".svc." + domain);
            searches.add("svc." + domain);
            searches.add(domain);
        }
        searches.addAll(searches(host));
        return new Dns(cluster.servers(), distinct(searches), List.of("ndots:5"));
    }

    /** Names of the cluster are resolved without the host's domains too. */
    private static List<String> searches(Supplier<Dns> host) {
        try {
            return host.get().searches();
        } catch (BackendException e) {
            return List.of();
        }
    }

    private static Dns merged(Dns base, PodDNSConfig config) {
        List<String> servers = new ArrayList<>(base.servers());
        servers.addAll(config.getNameservers());
        List<String> searches = new ArrayList<>(base.searches());
        searches.addAll(config.getSearches());
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : base.options()) {
            options.put(option.split(":", 2)[0], option);
        }
        for (PodDNSConfigOption option : config.getOptions()) {
            @Nullable String value = option.getValue();
            options.put(
                    option.getName(),
                    value == null || value.isEmpty()
                            ? option.getName()
                            : option.getName() + ":" + value);
        }
        return new Dns(distinct(servers), distinct(searches), List.copyOf(options.values()));
    }

    private static Dns limited(Dns dns, List<Warning> warnings) {
        List<String> servers = dns.servers();
        if (servers.size() > SERVERS) {
            servers = servers.subList(0, SERVERS);
            warnings.add(
                    forming(
                            "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: "
                                    + String.join(" ", servers)));
        }
        List<String> searches = fitting(dns.searches());
        if (searches.size() < dns.searches().size()) {
            warnings.add(
                    forming(
                            "Search Line limits were exceeded, some search paths have been omitted, the applied search line is: "
                                    + String.join(" ", searches)));
        }
        return new Dns(servers, searches, dns.options());
    }

    private static List<String> fitting(List<String> searches) {
        List<String> fitting = new ArrayList<>();
        int length = 0;
        for (String search : searches) {
            length += search.length() + (fitting.isEmpty() ? 0 : 1);
            if (fitting.size() == SEARCHES || length > SEARCH_CHARACTERS) {
                break;
            }
            fitting.add(search);
        }
        return fitting;
    }

    private static Warning forming(String message) {
        return new Warning("DNSConfigForming", message);
    }

    private static List<String> distinct(List<String> list) {
        SequencedSet<String> set = new LinkedHashSet<>(list);
        return List.copyOf(set);
    }
}
