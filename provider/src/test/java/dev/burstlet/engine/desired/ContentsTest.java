package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.Content;
import dev.burstlet.container.Publication;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentsTest {
    private static final String TOKEN =
            "projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 600}}]}";

    /** Each file as {@code path mode uid:gid text}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    configMap: {name: c}                                               | a 644 0:0 A; b 644 0:0 B
                    configMap: {name: c, defaultMode: 256}                             | a 400 0:0 A; b 400 0:0 B
                    configMap: {name: c, items: [{key: a, path: x/y}]}                 | x/y 644 0:0 A
                    configMap: {name: c, items: [{key: a, path: x, mode: 511}, {key: b, path: y}], defaultMode: 288} | x 777 0:0 A; y 440 0:0 B
                    configMap: {name: c, optional: true, items: [{key: a, path: x}, {key: no, path: y}]} | x 644 0:0 A
                    configMap: {name: none, optional: true}                            | ''
                    secret: {secretName: s}                                            | k 644 0:0 S
                    secret: {secretName: none, optional: true, items: [{key: k, path: p}]} | ''
                    downwardAPI: {items: [{path: n, fieldRef: {fieldPath: metadata.name}}]} | n 644 0:0 web
                    downwardAPI: {items: [{path: l, mode: 384, fieldRef: {fieldPath: metadata.labels}}]} | l 600 0:0 app="web"/tier="front end"
                    downwardAPI: {items: [{path: n, fieldRef: {fieldPath: metadata.annotations}}]} | n 644 0:0 note="say \\"hi\\"\\nthere"
                    downwardAPI: {items: [{path: m, resourceFieldRef: {containerName: main, resource: limits.memory, divisor: 1Mi}}]} | m 644 0:0 7168
                    projected: {sources: [{configMap: {name: c}}, {secret: {name: s, items: [{key: k, path: a}]}}]} | a 644 0:0 S; b 644 0:0 B
                    projected: {defaultMode: 288, sources: [{configMap: {name: c, items: [{key: a, path: x, mode: 420}, {key: b, path: y}]}}, {downwardAPI: {items: [{path: n, fieldRef: {fieldPath: metadata.uid}}]}}]} | n 440 0:0 uid-1; x 644 0:0 A; y 440 0:0 B
                    """)
    void files(String volume, String expected) {
        assertThat(files("{}", "{}", volume)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {fsGroup: 7}                | {}             | configMap: {name: c}                   | a 644 0:7 A; b 644 0:7 B
                    {fsGroup: 7}                | {}             | secret: {secretName: s, defaultMode: 256} | k 440 0:7 S
                    {}                          | {}             | TOKEN                                  | token 644 0:0 jwt
                    {fsGroup: 7}                | {}             | TOKEN                                  | token 640 0:7 jwt
                    {runAsUser: 5}              | {}             | TOKEN                                  | token 600 5:0 jwt
                    {}                          | {runAsUser: 5} | TOKEN                                  | token 600 5:0 jwt
                    {runAsUser: 5, fsGroup: 7}  | {}             | TOKEN                                  | token 640 5:7 jwt
                    """)
    void owners(String pod, String container, String volume, String expected) {
        assertThat(files(pod, container, volume.replace("TOKEN", TOKEN))).isEqualTo(expected);
    }

    @Test
    void aTokenOfContainersOfDifferentUsersIsForAll() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                volumes: [{name: v, %s}]
                                containers: [{name: a, securityContext: {runAsUser: 5}},
                                             {name: b, securityContext: {runAsUser: 6}}]
                                """
                                        .formatted(TOKEN))
                        .token("", 600, new Reference.Present<>("jwt"))
                        .build();

        assertThat(shown(bundle)).isEqualTo("token 644 0:0 jwt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    configMap: {name: none}                                   | configmap "none" not found
                    configMap: {name: c, items: [{key: no, path: x}]}         | configmap references non-existent config key: no
                    secret: {secretName: none}                                | secret "none" not found
                    secret: {secretName: s, items: [{key: no, path: x}]}      | references non-existent secret key: no
                    configMap: {name: locked, optional: true}                 | configmaps "locked" is forbidden
                    configMap: {name: c, items: [{key: a, path: /x}]}         | invalid path: must be relative path: /x
                    configMap: {name: c, items: [{key: a, path: x/../y}]}     | invalid path: must not contain '..': x/../y
                    configMap: {name: c, items: [{key: a, path: ..x}]}        | invalid path: must not start with '..': ..x
                    configMap: {name: c, items: [{key: a, path: x}, {key: b, path: x/y}]} | path x is both a file and a directory
                    downwardAPI: {items: [{path: n, fieldRef: {fieldPath: spec.nodeName}}]} | unsupported fieldPath: spec.nodeName
                    downwardAPI: {items: [{path: n, resourceFieldRef: {resource: limits.cpu}}]} | resourceFieldRef without containerName
                    projected: {sources: [{configMap: {name: n1}}, {secret: {name: n2}}]} | [configmap "n1" not found, secret "n2" not found]
                    projected: {sources: [{clusterTrustBundle: {path: p}}]}   | projected.clusterTrustBundle is not supported
                    projected: {sources: [{podCertificate: {signerName: s, keyType: k}}]} | projected.podCertificate is not supported
                    projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]} | failed to fetch token: not requested yet
                    projected: {sources: [{serviceAccountToken: {path: t, audience: away}}]} | failed to fetch token: timed out
                    """)
    void refuses(String volume, String message) {
        PodBundle bundle = bundle("{}", "{}", volume);

        assertThatThrownBy(() -> Bundles.translator().publications(bundle, List.of()))
                .isInstanceOfSatisfying(
                        VolumeNotReadyException.class, e -> assertThat(e.volume()).isEqualTo("v"))
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : " + message);
    }

    @Test
    void binaryDataIsDecoded() {
        PodBundle bundle =
                Bundles.pod("volumes: [{name: v, configMap: {name: c}}]")
                        .configMap(
                                "c",
                                new Reference.Present<>(
                                        new ConfigMapBuilder()
                                                .addToData("t", "text")
                                                .addToBinaryData("b", "AP8=")
                                                .build()))
                        .build();

        assertThat(Contents.of(bundle, bundle.pod().getSpec().getVolumes().getFirst()).files())
                .extracting(Publication.File::content)
                .containsExactly(Content.of(new byte[] {0, -1}), Content.utf8("text"));
    }

    @Test
    void theAudienceTellsTokensApart() {
        assertThat(
                        files(
                                "{}",
                                "{}",
                                "projected: {sources: [{serviceAccountToken: {path: t}}, {serviceAccountToken: {path: u, audience: bank}}]}"))
                .isEqualTo("t 644 0:0 default; u 644 0:0 for the bank");
    }

    @Test
    void aVolumeWhoseTokenIsToBeKeptIsNotWrittenAnew() {
        PodBundle bundle =
                bundle(
                        "{}",
                        "{}",
                        "projected: {sources: [{serviceAccountToken: {path: t, audience: vault}}]}},"
                                + " {name: w, configMap: {name: c}");

        assertThat(Bundles.translator().updates(bundle, List.of(), ""))
                .extracting(Publication::volume)
                .containsExactly("w");
    }

    @Test
    void contentsAreAtomicAndNeverPrinted() {
        PodBundle bundle = bundle("{}", "{}", "secret: {secretName: s}");
        Publication publication = Bundles.translator().publications(bundle, List.of()).getFirst();

        assertThat(publication.atomic()).isTrue();
        assertThat(publication.toString()).doesNotContain("S,").contains("[k]");
    }

    private static String files(String pod, String container, String volume) {
        return shown(bundle(pod, container, volume));
    }

    private static String shown(PodBundle bundle) {
        List<String> files =
                Bundles.translator().publications(bundle, List.of()).getFirst().files().stream()
                        .map(f ->
                                "%s %o %d:%d %s"
                                        .formatted(
                                                f.path(),
                                                f.mode(),
                                                f.uid(),
                                                f.gid(),
                                                text(f.content())))
                        .toList();
        return String.join("; ", files);
    }

    private static String text(Content content) {
        return new String(content.bytes(), StandardCharsets.UTF_8).replace('\n', '/');
    }

    private static PodBundle bundle(String pod, String container, String volume) {
        return Bundles.pod(
                        """
                        securityContext: %s
                        volumes: [{name: v, %s}]
                        containers: [{name: main, image: app, securityContext: %s}]
                        """
                                .formatted(pod, volume, container))
                .configMap("c", Map.of("b", "B", "a", "A"))
                .configMap(
                        "locked", new Reference.Unreadable<>("configmaps \"locked\" is forbidden"))
                .secret("s", Map.of("k", "S"))
                .token("", 600, new Reference.Present<>("jwt"))
                .token("", 3600, new Reference.Present<>("default"))
                .token("bank", 3600, new Reference.Present<>("for the bank"))
                .token("away", 3600, new Reference.Unreadable<>("timed out"))
                .build();
    }
}
