package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class VolumesTest {
    private static final String CLAIM =
            "{metadata: {uid: c-1}, spec: {volumeName: pv}, status: {phase: Bound}}";
    private static final String PV = "{metadata: {name: pv}, spec: {claimRef: {uid: c-1}, %s}}";

    @Test
    void theSystemsOwnIsFirst() {
        assertThat(volumes("volumes: []"))
                .containsExactly(new VolumeSpec("_system", new Source.Files(), null, false));
    }

    @Test
    void scratch() {
        assertThat(source("emptyDir: {}")).isEqualTo(new Source.Scratch(0));
        assertThat(source("emptyDir: {sizeLimit: 1Gi}")).isEqualTo(new Source.Scratch(Bundles.GI));
        assertThat(volumes("volumes: [{name: v}]").getLast().source())
                .isEqualTo(new Source.Scratch(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                        | {medium: Memory}                  | 7
                    {}                                        | {medium: Memory, sizeLimit: 2Gi}  | 2
                    {}                                        | {medium: Memory, sizeLimit: 20Gi} | 7
                    {limits: {memory: 3Gi}}                   | {medium: Memory}                  | 3
                    {limits: {memory: 3Gi}}                   | {medium: Memory, sizeLimit: 5Gi}  | 3
                    {limits: {memory: 3Gi}}                   | {medium: Memory, sizeLimit: 1Gi}  | 1
                    """)
    void memoryIsLimitedByPodAndNode(String resources, String emptyDir, long gibibytes) {
        PodBundle bundle =
                Bundles.pod(
                                "{volumes: [{name: v, emptyDir: %s}], containers: [{name: a, resources: %s}]}"
                                        .formatted(emptyDir, resources))
                        .build();

        assertThat(Bundles.translator().volumes(bundle).getLast().source())
                .isEqualTo(new Source.ScratchMemory(gibibytes * Bundles.GI));
    }

    @ParameterizedTest
    @EnumSource(HostPathType.class)
    void hostPathTypes(HostPathType type) {
        String name =
                switch (type) {
                    case UNSET -> "";
                    case DIRECTORY_OR_CREATE -> "DirectoryOrCreate";
                    case DIRECTORY -> "Directory";
                    case FILE_OR_CREATE -> "FileOrCreate";
                    case FILE -> "File";
                    case SOCKET -> "Socket";
                    case CHAR_DEVICE -> "CharDevice";
                    case BLOCK_DEVICE -> "BlockDevice";
                };

        assertThat(source("hostPath: {path: /srv, type: \"%s\"}".formatted(name)))
                .isEqualTo(new Source.HostPath("/srv", type));
    }

    @Test
    void others() {
        assertThat(source("nfs: {server: s, path: /p}"))
                .isEqualTo(new Source.Nfs("s", "/p", false, List.of()));
        assertThat(source("configMap: {name: c}")).isEqualTo(new Source.Files());
        assertThat(source("secret: {secretName: s}")).isEqualTo(new Source.Files(01777));
        assertThat(source("downwardAPI: {}")).isEqualTo(new Source.Files(01777));
        assertThat(source("projected: {}")).isEqualTo(new Source.Files(01777));
    }

    @Test
    void imagesAreGivenByTheCaller() {
        PodBundle bundle = Bundles.pod("volumes: [{name: v, image: {reference: data:1}}]").build();

        assertThat(
                        Bundles.translator()
                                .volumes(bundle, Map.of("v", Bundles.image("")))
                                .getLast()
                                .source())
                .isEqualTo(new Source.Image("data:1", "sha256:1"));
        PodTranslator poor =
                new PodTranslator(
                        Bundles.OWNER, Bundles.engine(Set.of()), TranslationSettings.DEFAULT);
        assertThatThrownBy(() -> poor.volumes(bundle))
                .hasMessage(
                        "MountVolume.SetUp failed for volume \"v\" : image volumes are not supported by this host's engine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    emptyDir: {medium: Odd}            | emptyDir.medium Odd is not supported
                    emptyDir: {medium: HugePages}      | emptyDir.medium: huge pages are not supported
                    hostPath: {path: /x, type: Odd}    | hostPath.type Odd is not known
                    csi: {driver: d}                   | csi: CSI volumes need a driver on the node
                    ephemeral: {}                      | error processing PVC shop/web-v: failed to fetch PVC from API server: persistentvolumeclaims "web-v" not found
                    gitRepo: {repository: r}           | gitRepo: disabled in Kubernetes for security
                    persistentVolumeClaim: {claimName: none} | error processing PVC shop/none: failed to fetch PVC from API server: persistentvolumeclaims "none" not found
                    """)
    void refuses(String volume, String message) {
        assertThatThrownBy(() -> source(volume))
                .isInstanceOfSatisfying(
                        VolumeNotReadyException.class, e -> assertThat(e.volume()).isEqualTo("v"))
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : " + message);
    }

    @Test
    void theGroupOwnsWhatTheKubeletManages() {
        List<VolumeSpec> volumes =
                volumes(
                        """
                        securityContext: {fsGroup: 7, fsGroupChangePolicy: OnRootMismatch}
                        volumes: [{name: a, emptyDir: {}}, {name: b, configMap: {name: c}},
                          {name: c, hostPath: {path: /x}}, {name: d, nfs: {server: s, path: /p}}]
                        """);

        assertThat(volumes)
                .extracting(VolumeSpec::fsGroup)
                .containsExactly(null, 7L, 7L, null, null);
        assertThat(volumes.get(1).fsGroupOnRootMismatch()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    local: {path: /d}    | {claimName: c}                 | 7
                    local: {path: /d}    | {claimName: c, readOnly: true} |
                    hostPath: {path: /d} | {claimName: c}                 |
                    """)
    void theGroupOwnsALocalDiskThatIsWritable(String pv, String claim, @Nullable Long group) {
        PodBundle bundle =
                Bundles.pod(
                                """
                                securityContext: {fsGroup: 7}
                                volumes: [{name: v, persistentVolumeClaim: %s}]
                                """
                                        .formatted(claim))
                        .claim("c", CLAIM, PV.formatted(pv))
                        .build();
        assertThat(Bundles.translator().volumes(bundle).getLast().fsGroup()).isEqualTo(group);
    }

    @Test
    void aHostNamesTheVolumeThatFails() {
        VolumeSpec volume = new VolumeSpec("v", new Source.Files(), null, false);
        assertThat(
                        VolumeNotReadyException.of(
                                volume.failed(
                                        BackendException.Reason.INVALID,
                                        "hostPath type check failed: /p is not a directory")))
                .hasMessage(
                        "MountVolume.SetUp failed for volume \"v\" : hostPath type check failed: /p is not a directory");
        assertThat(
                        VolumeNotReadyException.of(
                                new BackendException(BackendException.Reason.INVALID, "why")))
                .hasMessage("MountVolume.SetUp failed: why");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    nfs: {server: s, path: /p, readOnly: true} | Nfs[server=s, path=/p, readOnly=true, options=[]]
                    nfs: {server: s, path: /p}, mountOptions: [hard, nfsvers=4.1] | Nfs[server=s, path=/p, readOnly=false, options=[hard, nfsvers=4.1]]
                    hostPath: {path: /srv, type: Directory}    | HostPath[path=/srv, type=DIRECTORY]
                    local: {path: /disk}                       | HostPath[path=/disk, type=DIRECTORY]
                    csi: {driver: d}, storageClassName: fast   | Named[driver=rexray, name=pv, options={}]
                    """)
    void claims(String pv, String expected) {
        TranslationSettings settings =
                new TranslationSettings(
                        null, 0, false, Map.of(), Set.of(), Map.of("fast", "rexray"), "");
        PodBundle bundle = claiming(CLAIM, PV.formatted(pv));

        assertThat(
                        new PodTranslator(Bundles.OWNER, Bundles.engine(), settings)
                                .volumes(bundle)
                                .getLast()
                                .source())
                .hasToString(expected);
    }

    @Test
    void anAnnotationNamesTheDriver() {
        PodBundle bundle =
                claiming(
                        CLAIM,
                        """
                        {metadata: {name: pv, annotations: {burstlet.dev/volume-driver: local, burstlet.dev/volume-option.type: tmpfs}},
                         spec: {claimRef: {uid: c-1}, csi: {driver: d}}}
                        """);

        assertThat(Bundles.translator().volumes(bundle).getLast().source())
                .isEqualTo(new Source.Named("local", "pv", Map.of("type", "tmpfs")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {metadata: {uid: c-1}, spec: {}, status: {phase: Pending}}             | local: {path: /d} | error processing PVC shop/c: PVC is not bound
                    {metadata: {uid: c-1}, spec: {volumeName: pv}, status: {phase: Lost}}  | local: {path: /d} | error processing PVC shop/c: PVC is not bound
                    {metadata: {uid: c-2}, spec: {volumeName: pv}, status: {phase: Bound}} | local: {path: /d} | PV "pv" is not bound to PVC shop/c
                    {metadata: {uid: c-1}, spec: {volumeName: pv}, status: {phase: Bound}} | volumeMode: Block | volumeMode Block is not supported
                    {metadata: {uid: c-1}, spec: {volumeName: pv}, status: {phase: Bound}} | csi: {driver: d}  | persistent volume "pv": csi is not supported; nfs, hostPath, local or the annotation burstlet.dev/volume-driver are
                    {metadata: {uid: c-1}, spec: {volumeName: pv}, status: {phase: Bound}} | hostPath: {path: /h}, mountOptions: [ro] | persistent volume "pv": mountOptions is not supported; nfs, hostPath, local or the annotation burstlet.dev/volume-driver are
                    """)
    void refusesClaims(String claim, String pv, String message) {
        PodBundle bundle = claiming(claim, PV.formatted(pv));

        assertThatThrownBy(() -> Bundles.translator().volumes(bundle))
                .isInstanceOf(VolumeNotReadyException.class)
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : " + message);
    }

    @Test
    void anEphemeralVolumeIsAClaimOfThePodsOwn() {
        String owned =
                """
                metadata: {namespace: shop, name: web-v, uid: c-1, ownerReferences: [{controller: %s, uid: %s}]}
                spec: {volumeName: pv}
                status: {phase: Bound}
                """;
        String pv =
                """
                metadata: {name: pv}
                spec: {claimRef: {uid: c-1}, hostPath: {path: /d}}
                """;
        Function<String, Source> source =
                claim -> {
                    PodBundle bundle =
                            Bundles.pod("volumes: [{name: v, ephemeral: {}}]")
                                    .claim("web-v", claim, pv)
                                    .build();
                    return Bundles.translator().volumes(bundle).getLast().source();
                };

        assertThat(source.apply(owned.formatted("true", "uid-1")))
                .isEqualTo(new Source.HostPath("/d", HostPathType.UNSET));
        for (String another :
                List.of(owned.formatted("true", "uid-2"), owned.formatted("false", "uid-1"))) {
            assertThatThrownBy(() -> source.apply(another))
                    .hasMessage(
                            "MountVolume.SetUp failed for volume \"v\" : PVC shop/web-v was not created for pod shop/web (pod is not owner)");
        }
    }

    private static PodBundle claiming(String claim, String pv) {
        return Bundles.pod("volumes: [{name: v, persistentVolumeClaim: {claimName: c}}]")
                .claim("c", claim, pv)
                .build();
    }

    private static Source source(String volume) {
        return volumes("volumes: [{name: v, %s}]".formatted(volume)).getLast().source();
    }

    private static List<VolumeSpec> volumes(String spec) {
        return Bundles.translator().volumes(Bundles.pod(spec).build());
    }
}
