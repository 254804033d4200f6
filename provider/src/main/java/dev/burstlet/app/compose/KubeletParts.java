package dev.burstlet.app.compose;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.KubeletApi;
import dev.burstlet.app.measure.NodeMeters;
import dev.burstlet.serve.Component;
import dev.burstlet.serve.NodeServices;
import dev.burstlet.serve.PodDirectory;
import dev.burstlet.serve.auth.AccessReviewAuthorizer;
import dev.burstlet.serve.auth.Authenticator;
import dev.burstlet.serve.auth.CertificateAuthenticator;
import dev.burstlet.serve.auth.TokenAuthenticator;
import dev.burstlet.serve.tls.CsrCertificate;
import dev.burstlet.serve.tls.FileCertificate;
import dev.burstlet.serve.tls.NodeNames;
import dev.burstlet.serve.tls.SelfSignedCertificate;
import dev.burstlet.serve.tls.ServingCertificate;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a node's kubelet API stands on. */
final class KubeletParts {
    private KubeletParts() {}

    static NodeServices of(
            Shared shared,
            String node,
            List<NodeAddress> addresses,
            PodDirectory directory,
            NodeHost host,
            NodeMeters meters,
            Map<String, Object> configuration) {
        Authenticator byCertificate =
                new CertificateAuthenticator(shared.clientAuthorities(), shared.clock());
        Authenticator byToken = new TokenAuthenticator(shared.client(), shared.clock());
        return new NodeServices(
                directory,
                host.pods(),
                byCertificate.or(byToken),
                new AccessReviewAuthorizer(shared.client(), node, shared.clock()),
                shared.clientAuthorities(),
                certificate(shared, node, addresses),
                meters.registry(),
                () -> meters.text() + host.metrics() + shared.registry().scrape(),
                host.probes(),
                () -> configuration,
                new Component(NodeShaping.KUBELET_VERSION, shared.flags(), started()),
                Optional::empty,
                shared.clock());
    }

    private static Instant started() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    private static ServingCertificate certificate(
            Shared shared, String node, List<NodeAddress> addresses) {
        KubeletApi settings = shared.configuration().kubelet();
        NodeNames names =
                new NodeNames(
                        node,
                        addressesOf(addresses, "InternalIP"),
                        addressesOf(addresses, "Hostname"));
        return switch (settings.serving()) {
            case CSR -> new CsrCertificate(shared.client(), names, shared.clock(), null);
            case SELF_SIGNED -> new SelfSignedCertificate(names, shared.clock());
            case FILES -> files(settings, shared);
        };
    }

    private static ServingCertificate files(KubeletApi settings, Shared shared) {
        try {
            return new FileCertificate(
                    Path.of(Objects.requireNonNull(settings.certificate())),
                    Path.of(Objects.requireNonNull(settings.key())),
                    shared.clock());
        } catch (IOException e) {
            throw new ConfigurationException("kubelet.certificate, kubelet.key: " + e.getMessage());
        }
    }

    private static List<String> addressesOf(List<NodeAddress> addresses, String type) {
        return addresses.stream()
                .filter(address -> address.getType().equals(type))
                .map(NodeAddress::getAddress)
                .toList();
    }
}
