package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodDnsTest {
    private static final Dns HOST =
            new Dns(List.of("192.0.2.53"), List.of("example.org"), List.of("timeout:2"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hostname: a                                             | 10.96.0.10 | shop.svc.cluster.local svc.cluster.local cluster.local example.org | ndots:5
                    dnsPolicy: ClusterFirst                                 | 10.96.0.10 | shop.svc.cluster.local svc.cluster.local cluster.local example.org | ndots:5
                    {dnsPolicy: ClusterFirst, hostNetwork: true}            | 192.0.2.53 | example.org | timeout:2
                    {dnsPolicy: ClusterFirstWithHostNet, hostNetwork: true} | 10.96.0.10 | shop.svc.cluster.local svc.cluster.local cluster.local example.org | ndots:5
                    dnsPolicy: Default                                      | 192.0.2.53 | example.org | timeout:2
                    {dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1]}}  | 1.1.1.1    | ''          | ''
                    {dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1], searches: [a, b, a], options: [{name: ndots, value: "2"}, {name: edns0}]}} | 1.1.1.1 | a b | ndots:2 edns0
                    {dnsConfig: {nameservers: [10.96.0.10, 1.1.1.1], searches: [cluster.local, x], options: [{name: ndots, value: "1"}]}} | 10.96.0.10 1.1.1.1 | shop.svc.cluster.local svc.cluster.local cluster.local example.org x | ndots:1
                    {dnsPolicy: Default, dnsConfig: {options: [{name: timeout, value: "9"}, {name: rotate}]}} | 192.0.2.53 | example.org | timeout:9 rotate
                    """)
    void policies(String spec, String servers, String searches, String options) {
        PodDns dns = PodDns.of(Bundles.pod(spec).build(), () -> HOST);

        assertThat(String.join(" ", dns.dns().servers())).isEqualTo(servers);
        assertThat(String.join(" ", dns.dns().searches())).isEqualTo(searches);
        assertThat(String.join(" ", dns.dns().options())).isEqualTo(options);
        assertThat(dns.warnings()).isEmpty();
    }

    @Test
    void withoutClusterDnsThePolicyIsDefault() {
        PodDns dns = PodDns.of(Bundles.pod("hostname: a").dnsServers().build(), () -> HOST);

        assertThat(dns.dns()).isEqualTo(HOST);
        assertThat(dns.warnings()).extracting(Warning::reason).containsExactly("MissingClusterDNS");
    }

    @Test
    void namesOfTheClusterAreResolvedWhereTheHostDoesNotTellItsOwn() {
        Supplier<Dns> silent =
                () -> {
                    throw new BackendException(BackendException.Reason.UNAVAILABLE, "away");
                };

        PodDns dns = PodDns.of(Bundles.pod("hostname: a").build(), silent);

        assertThat(dns.dns().servers()).containsExactly("10.96.0.10");
        assertThatThrownBy(() -> PodDns.of(Bundles.pod("dnsPolicy: Default").build(), silent))
                .hasMessage("away");
    }

    @Test
    void threeServersAtMost() {
        PodDns dns =
                PodDns.of(
                        Bundles.pod("dnsConfig: {nameservers: [1.1.1.1, 1.1.1.2, 1.1.1.3]}")
                                .build(),
                        () -> Dns.HOST);

        assertThat(dns.dns().servers()).containsExactly("10.96.0.10", "1.1.1.1", "1.1.1.2");
        assertThat(dns.warnings())
                .containsExactly(
                        new Warning(
                                "DNSConfigForming",
                                "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 1.1.1.2"));
    }

    @Test
    void thirtyTwoSearchDomainsAtMost() {
        String searches =
                IntStream.range(0, 40)
                        .mapToObj(i -> "d" + i)
                        .collect(Collectors.joining(",", "[", "]"));
        PodBundle bundle =
                Bundles.pod("{dnsPolicy: None, dnsConfig: {searches: %s}}".formatted(searches))
                        .build();

        PodDns dns = PodDns.of(bundle, () -> Dns.HOST);

        assertThat(dns.dns().searches()).hasSize(32).endsWith("d31");
        assertThat(dns.warnings()).hasSize(1);
        assertThat(Bundles.translator().warnings(bundle)).isEqualTo(dns.warnings());
    }

    @Test
    void noMoreThan2048CharactersOfSearchDomains() {
        String domain = "x".repeat(400);
        String searches =
                IntStream.range(0, 6)
                        .mapToObj(i -> domain + i)
                        .collect(Collectors.joining(",", "[", "]"));

        PodDns dns =
                PodDns.of(
                        Bundles.pod(
                                        "{dnsPolicy: None, dnsConfig: {searches: %s}}"
                                                .formatted(searches))
                                .build(),
                        () -> Dns.HOST);

        assertThat(dns.dns().searches()).hasSize(5);
    }

    @Test
    void anUnknownPolicyIsRefused() {
        PodBundle bundle = Bundles.pod("dnsPolicy: Magic").build();

        assertThatThrownBy(() -> Bundles.translator().sandbox(bundle, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("spec.dnsPolicy: invalid DNSPolicy=Magic");
    }
}
