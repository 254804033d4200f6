package dev.burstlet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.burstlet.pod.FieldSupport.Level;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SupportTest {
    @Test
    void everyFieldOfTheModelHasARow() {
        Set<String> paths = new LinkedHashSet<>();
        walk(PodSpec.class, "", paths);

        assertThat(paths).hasSizeGreaterThan(300);
        assertThat(paths).allSatisfy(path -> assertThat(Support.field(path)).as(path).isNotNull());
    }

    @Test
    void everyRowIsOfAFieldOfTheModel() {
        Set<String> paths = new LinkedHashSet<>();
        walk(PodSpec.class, "", paths);
        Set<String> canonical = new LinkedHashSet<>();
        for (String path : paths) {
            FieldSupport row = Support.field(path);
            assertThat(row).as(path).isNotNull();
            canonical.add(row.path());
        }

        for (FieldSupport row : Support.fields()) {
            String path = row.path().replaceAll("[={].*", "");
            assertThat(canonical).as(row.path()).contains(path);
        }
    }

    @Test
    void everyLimitIsSaid() {
        assertThat(Support.fields())
                .filteredOn(row -> row.level() == Level.PARTLY || row.level() == Level.REFUSED)
                .allSatisfy(row -> assertThat(row.words()).as(row.path()).isNotEmpty());
    }

    /** All paths of a class, to where a row speaks for everything below. */
    private static void walk(Class<?> type, String prefix, Set<String> paths) {
        for (Field field : type.getDeclaredFields()) {
            JsonProperty property = field.getAnnotation(JsonProperty.class);
            if (property == null) {
                continue;
            }
            String path = prefix + property.value();
            paths.add(path);
            FieldSupport row = Support.field(path);
            if (row == null || !row.whole()) {
                walkBelow(field.getGenericType(), path, paths);
            }
        }
    }

    private static void walkBelow(Type type, String path, Set<String> paths) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            if (list.getActualTypeArguments()[0] instanceof Class<?> element && model(element)) {
                walk(element, path + "[].", paths);
            }
        } else if (type instanceof Class<?> object && model(object)) {
            walk(object, path + ".", paths);
        }
    }

    private static boolean model(Class<?> type) {
        return type.getName().startsWith("io.fabric8.")
                && type != Quantity.class
                && type != IntOrString.class;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    os: {name: windows}                                  | spec.os
                    resourceClaims: [{name: gpu}]                        | spec.resourceClaims
                    resources: {limits: {hugepages-2Mi: 2Mi}}            | spec.resources.limits.hugepages-2Mi
                    securityContext: {windowsOptions: {}}                | spec.securityContext.windowsOptions
                    containers: [{name: a, resources: {claims: [{name: x}]}}]   | spec.containers[0].resources.claims
                    containers: [{name: a}, {name: b, volumeDevices: [{name: d, devicePath: /x}]}] | spec.containers[1].volumeDevices
                    initContainers: [{name: a, volumeDevices: [{name: d, devicePath: /x}]}] | spec.initContainers[0].volumeDevices
                    containers: [{name: a, resources: {requests: {hugepages-1Gi: 1Gi}}}] | spec.containers[0].resources.requests.hugepages-1Gi
                    volumes: [{name: v, csi: {driver: d}}]               | spec.volumes[0].csi
                    volumes: [{name: v, emptyDir: {medium: HugePages-2Mi}}] | spec.volumes[0].emptyDir.medium
                    volumes: [{name: v, projected: {sources: [{podCertificate: {signerName: s, keyType: ED25519}}]}}] | spec.volumes[0].projected.sources[0].podCertificate
                    volumes: [{name: v, projected: {sources: [{clusterTrustBundle: {path: p}}]}}] | spec.volumes[0].projected.sources[0].clusterTrustBundle
                    """)
    void refusesNamingTheField(String spec, String field) {
        String named = field.equals("spec.os") ? "spec.os.name" : field;
        assertThat(Support.refusals(pod(spec)))
                .extracting(Support.Refusal::field)
                .containsExactly(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    os: {name: linux}
                    containers: [{name: a, resources: {limits: {cpu: 1, hugepages-2Mi: 0}}}]
                    volumes: [{name: v, emptyDir: {medium: Memory}}]
                    volumes: [{name: v}]
                    affinity: {nodeAffinity: {}}
                    hostNetwork: true
                    overhead: {cpu: 1}
                    nodeSelector: {any: thing}
                    securityContext: {supplementalGroupsPolicy: Strict}
                    """)
    void letsPass(String spec) {
        assertThat(Support.refusals(pod(spec))).isEmpty();
        assertThat(Support.unknown(pod(spec))).isEmpty();
    }

    @Test
    void tellsWhatItDoesNotKnow() {
        Pod pod = pod("{brandNew: {a: 1}, containers: [{name: a, alsoNew: true}]}");

        assertThat(Support.unknown(pod))
                .containsExactlyInAnyOrder("spec.brandNew", "spec.containers[0].alsoNew");
        assertThat(Support.refusals(pod)).isEmpty();
    }

    @Test
    void saysWhyAVolumeIsRefused() {
        assertThat(Support.refusedVolume(volume("{name: v, csi: {driver: d}}")))
                .isEqualTo("csi: CSI volumes need a driver on the node");
        assertThat(Support.refusedVolume(volume("{name: v, hologram: {}}")))
                .isEqualTo("hologram: not known to this version");
        assertThat(Support.refusedVolume(volume("{name: v, emptyDir: {}}"))).isNull();
    }

    private static Volume volume(String yaml) {
        return Yaml.read(yaml, Volume.class);
    }

    private static Pod pod(String spec) {
        Pod pod = new Pod();
        pod.setSpec(Yaml.read(spec, PodSpec.class));
        return pod;
    }
}
