package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.Content;
import dev.burstlet.container.Publication;
import dev.burstlet.pod.PodBundle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Host names and the hosts file. */
final class PodNamesTest {
    private static final String LONG =
            "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgg-.tail";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    dnsPolicy: Default                                       | web      | ''                           | web
                    hostname: box                                            | box      | ''                           | box
                    subdomain: sub                                           | web      | sub.shop.svc.cluster.local   | web
                    {hostname: box, subdomain: sub}                          | box      | sub.shop.svc.cluster.local   | box
                    {hostname: box, subdomain: sub, setHostnameAsFQDN: true} | box      | sub.shop.svc.cluster.local   | box.sub.shop.svc.cluster.local
                    {hostname: box, setHostnameAsFQDN: true}                 | box      | ''                           | box
                    {hostname: box, subdomain: sub, hostnameOverride: a.b.c} | a.b.c    | ''                           | a.b.c
                    """)
    void names(String spec, String name, String domain, String kernel) {
        PodBundle bundle = Bundles.pod(spec).build();
        PodHostname hostname = PodHostname.of(bundle.pod(), "cluster.local");

        assertThat(hostname).isEqualTo(new PodHostname(name, domain));
        assertThat(
                        hostname.kernelName(
                                Boolean.TRUE.equals(bundle.pod().getSpec().getSetHostnameAsFQDN())))
                .isEqualTo(kernel);
    }

    @Test
    void longNamesAreCut() {
        PodBundle bundle = Bundles.pod("dnsPolicy: Default").named(LONG).build();

        assertThat(PodHostname.of(bundle.pod(), "cluster.local").name())
                .isEqualTo(LONG.substring(0, 62));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hostname: Box          | pod Hostname "Box" is not a valid DNS label
                    hostname: a.b          | pod Hostname "a.b" is not a valid DNS label
                    subdomain: -x          | pod Subdomain "-x" is not a valid DNS label
                    hostnameOverride: a..b | pod HostnameOverride "a..b" is not a valid DNS subdomain
                    """)
    void refuses(String spec, String message) {
        PodBundle bundle = Bundles.pod(spec).build();

        assertThatThrownBy(() -> Bundles.translator().sandbox(bundle, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void aNameTooLongForTheKernelIsAnError() {
        PodBundle bundle =
                Bundles.pod(
                                "{hostname: aaaaaaaaaabbbbbbbbbbcccccccccc, subdomain: ddddddddddd, setHostnameAsFQDN: true}")
                        .build();

        assertThatThrownBy(() -> Bundles.translator().sandbox(bundle, 0))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.reason()).isEqualTo("FailedCreatePodSandBox"))
                .hasMessage(
                        "failed to construct FQDN from pod hostname and cluster domain, FQDN aaaaaaaaaabbbbbbbbbbcccccccccc.ddddddddddd.shop.svc.cluster.local is too long (64 characters is the max, 65 characters requested)");
    }

    @Test
    void theHostsFileIsTheKubelets() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                hostname: box
                                subdomain: sub
                                hostAliases: [{ip: 10.9.9.9, hostnames: [one, two]}, {ip: 10.9.9.8, hostnames: [three]}]
                                """)
                        .build();

        assertThat(hosts(bundle, List.of("10.1.0.5", "fd00::5")))
                .isEqualTo(
                        """
                        # Kubernetes-managed hosts file.
                        127.0.0.1\tlocalhost
                        ::1\tlocalhost ip6-localhost ip6-loopback
                        fe00::0\tip6-localnet
                        fe00::0\tip6-mcastprefix
                        fe00::1\tip6-allnodes
                        fe00::2\tip6-allrouters
                        10.1.0.5\tbox.sub.shop.svc.cluster.local\tbox
                        fd00::5\tbox.sub.shop.svc.cluster.local\tbox

                        # Entries added by HostAliases.
                        10.9.9.9\tone\ttwo
                        10.9.9.8\tthree
                        """);
    }

    @Test
    void withoutASubdomainOnlyTheName() {
        PodBundle bundle = Bundles.pod("dnsPolicy: Default").build();

        assertThat(hosts(bundle, List.of("10.1.0.5"))).endsWith("ip6-allrouters\n10.1.0.5\tweb\n");
    }

    @Test
    void onTheHostsNetworkOnlyWithAliases() {
        PodBundle plain = Bundles.pod("hostNetwork: true").build();
        PodBundle aliased =
                Bundles.pod("{hostNetwork: true, hostAliases: [{ip: 10.9.9.9, hostnames: [one]}]}")
                        .build();

        assertThat(Bundles.translator().publications(plain, List.of())).isEmpty();
        assertThat(hosts(aliased, List.of()))
                .startsWith(
                        "# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n")
                .contains("192.0.2.1\tnode-1\n")
                .endsWith("\n# Entries added by HostAliases.\n10.9.9.9\tone\n");
    }

    @Test
    void onTheHostsNetworkTheAliasesFollowTheHostsOwnEntries() {
        PodBundle bundle =
                Bundles.pod("{hostNetwork: true, hostAliases: [{ip: 10.9.9.9, hostnames: [one]}]}")
                        .build();

        Publication hosts =
                Bundles.translator()
                        .updates(bundle, List.of(), "127.0.0.1 localhost\n10.0.0.1 db\n")
                        .getFirst();

        assertThat(new String(hosts.files().getFirst().content().bytes(), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        # Kubernetes-managed hosts file (host network).
                        127.0.0.1 localhost
                        10.0.0.1 db

                        # Entries added by HostAliases.
                        10.9.9.9\tone
                        """);
    }

    @Test
    void withoutAddressesThereIsNoHostsFile() {
        PodBundle bundle = Bundles.pod("dnsPolicy: Default").build();

        assertThat(Bundles.translator().publications(bundle, List.of())).isEmpty();
    }

    private static String hosts(PodBundle bundle, List<String> ips) {
        List<Publication> publications = Bundles.translator().publications(bundle, ips);
        assertThat(publications).hasSize(1);
        Publication publication = publications.getFirst();
        assertThat(publication.volume()).isEqualTo(PodTranslator.SYSTEM_VOLUME);
        assertThat(publication.atomic()).isFalse();
        Publication.File file = publication.files().getFirst();
        assertThat(file.path()).isEqualTo("etc-hosts");
        assertThat(file.mode()).isEqualTo(0644);
        Content content = file.content();
        return new String(content.bytes(), StandardCharsets.UTF_8);
    }
}
