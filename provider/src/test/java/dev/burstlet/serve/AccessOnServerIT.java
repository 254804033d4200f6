package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.serve.auth.AccessReviewAuthorizer;
import dev.burstlet.serve.auth.ClientAuthorities;
import dev.burstlet.serve.auth.FileAuthorities;
import dev.burstlet.serve.auth.TokenAuthenticator;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every path by every method as everybody, with a real API server to say who somebody is
 * (TokenReview) and what he may (SubjectAccessReview): nothing is answered that should not be.
 */
@ExtendWith(ControlPlaneExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessOnServerIT {
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
    private static final String NAMESPACE = "access-" + System.nanoTime();
    private static final Duration DAY = Duration.ofDays(1);

    private final KubernetesClient client;
    private final CertificateMaker authority;
    private final ServerFixture fixture;

    AccessOnServerIT(ControlPlane controlPlane) throws Exception {
        this.client = Cluster.connect(controlPlane.admin());
        this.authority = authority(controlPlane.authority());
        InstantSource clock = InstantSource.system();
        ClientAuthorities authorities = new FileAuthorities(controlPlane.authority(), clock);
        this.fixture =
                new ServerFixture(
                        authorities,
                        new TokenAuthenticator(client, clock),
                        new AccessReviewAuthorizer(client, "n1", clock));
    }

    /** What somebody shows, and what lets him in: verbs on subresources of nodes. */
    private record Person(
            String name,
            CertificateMaker.@Nullable Issued certificate,
            String token,
            boolean known,
            List<String> rights) {
        int refusal() {
            return known ? 403 : 401;
        }

        boolean may(String method, String path) {
            return rights.contains("all")
                    || rights.stream()
                            .map(right -> right.split(" ", 2))
                            .anyMatch(right -> AccessTable.lets(right[0], right[1], method, path));
        }
    }

    @BeforeAll
    void namespace() {
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(NAMESPACE)
                                .endMetadata()
                                .build())
                .create();
    }

    @AfterAll
    void end() {
        client.namespaces().withName(NAMESPACE).delete();
        client.rbac().clusterRoleBindings().withLabel("access", NAMESPACE).delete();
        client.rbac().clusterRoles().withLabel("access", NAMESPACE).delete();
        fixture.close();
        client.close();
    }

    @Test
    void nobodyGetsWhatIsNotHis() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Person person : people()) {
            try (HttpClient http =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .sslContext(CertificateMaker.clientContext(person.certificate()))
                            .build()) {
                for (String path : AccessTable.paths()) {
                    for (String method : METHODS) {
                        int expected = expected(person, method, path);
                        int status = status(http, person, method, path);
                        if (status != expected) {
                            wrong.add(
                                    "%s %s as %s: %d, not %d"
                                            .formatted(
                                                    method, path, person.name(), status, expected));
                        }
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** By GET and POST as the table has it; there is no other method. */
    private static int expected(Person person, String method, String path) {
        if (!person.may(method, path)) {
            return person.refusal();
        }
        int[] answers = AccessTable.admin(path);
        return switch (method) {
            case "GET" -> answers[0];
            case "POST" -> answers[1];
            // Known paths refuse the method; of unknown ones there is nothing to be said.
            default ->
                    answers[0] == 404 && answers[1] == 404 && !AccessTable.acting(path) ? 404 : 405;
        };
    }

    private int status(HttpClient http, Person person, String method, String path)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create("https://localhost:" + fixture.server.port() + path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!person.token().isEmpty()) {
            request.header("Authorization", "Bearer " + person.token());
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    // ---- people ---------------------------------------------------------------------------------

    private List<Person> people() throws Exception {
        List<Person> people = new ArrayList<>(strangers());
        people.add(account("without-rights"));
        people.add(byCertificate("a certificate without rights", "somebody", "people"));
        people.add(byCertificate("another node", "system:node:n2", "system:nodes"));
        people.add(account("metrics-only", "get metrics"));
        people.add(account("stats-only", "get stats"));
        people.add(account("log-only", "get log"));
        people.add(account("health-only", "get healthz"));
        people.add(account("pods-only", "get pods"));
        people.add(account("configz-only", "get configz"));
        people.add(account("proxy-reader", "get proxy"));
        people.add(account("proxy-creator", "create proxy"));
        CertificateMaker.Issued admin = authority.client("boss", "system:masters", DAY);
        people.add(new Person("an admin", admin, "", true, List.of("all")));
        // A certificate that is not believed takes nothing from a token that is.
        people.add(
                new Person(
                        "a stranger's certificate with a good token",
                        new CertificateMaker("stranger").client("boss", "system:masters", DAY),
                        account("both", "get metrics").token(),
                        true,
                        List.of("get metrics")));
        return people;
    }

    /** People who are not who they say. */
    private List<Person> strangers() throws Exception {
        CertificateMaker impostor =
                new CertificateMaker(
                        authority.certificate().getSubjectX500Principal().getName().substring(3));
        account("gone");
        String orphaned = token("gone", List.of());
        client.serviceAccounts().inNamespace(NAMESPACE).withName("gone").delete();
        account("elsewhere", "get metrics");
        return List.of(
                stranger("nobody", null, ""),
                stranger(
                        "another authority of the same name",
                        impostor.client("boss", "system:masters", DAY),
                        ""),
                stranger(
                        "an expired certificate",
                        authority.client("boss", "system:masters", DAY.negated()),
                        ""),
                stranger("a server's certificate", authority.server("boss"), ""),
                stranger("a made-up token", null, "made-up"),
                stranger("a token of an account that is gone", null, orphaned),
                stranger(
                        "a token for another audience",
                        null,
                        token("elsewhere", List.of("somewhere.example"))));
    }

    private static Person stranger(
            String name, CertificateMaker.@Nullable Issued certificate, String token) {
        return new Person(name, certificate, token, false, List.of());
    }

    private Person byCertificate(String name, String user, String group) {
        return new Person(name, authority.client(user, group, DAY), "", true, List.of());
    }

    /** A service account with these rights, each a verb and a subresource. */
    private Person account(String name, String... rights) {
        client.resource(
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withNamespace(NAMESPACE)
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
        for (String right : rights) {
            grant(name, right.split(" ", 2));
        }
        return new Person(name, null, token(name, List.of()), true, List.of(rights));
    }

    private void grant(String account, String... right) {
        String role = NAMESPACE + "-" + account;
        client.resource(
                        new ClusterRoleBuilder()
                                .withNewMetadata()
                                .withName(role)
                                .addToLabels("access", NAMESPACE)
                                .endMetadata()
                                .addNewRule()
                                .withApiGroups("")
                                .withResources("nodes/" + right[1])
                                .withVerbs(right[0])
                                .endRule()
                                .build())
                .create();
        client.resource(
                        new ClusterRoleBindingBuilder()
                                .withNewMetadata()
                                .withName(role)
                                .addToLabels("access", NAMESPACE)
                                .endMetadata()
                                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                                .addNewSubject("", "ServiceAccount", account, NAMESPACE)
                                .build())
                .create();
    }

    private String token(String account, List<String> audiences) {
        TokenRequest asked =
                new TokenRequestBuilder().withNewSpec().withAudiences(audiences).endSpec().build();
        return client.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(account)
                .tokenRequest(asked)
                .getStatus()
                .getToken();
    }

    private static CertificateMaker authority(Path file)
            throws IOException, GeneralSecurityException {
        Path folder = java.util.Objects.requireNonNull(file.getParent());
        String pem = Files.readString(folder.resolve("ca.key"));
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        try (InputStream in = Files.newInputStream(file)) {
            return new CertificateMaker(
                    key(new PKCS8EncodedKeySpec(encoded)),
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
    }

    private static PrivateKey key(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(encoded);
        } catch (GeneralSecurityException e) {
            return KeyFactory.getInstance("RSA").generatePrivate(encoded);
        }
    }
}
