package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.Publication;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountPointsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: c, mountPath: /c}, {name: v, mountPath: /c/x}                                    | x
                    {name: v, mountPath: /c/x/y/}, {name: c, mountPath: /c/}                                | x/y
                    {name: c, mountPath: /c}, {name: v, mountPath: /cx}                                     | ''
                    {name: c, mountPath: /c}, {name: v, mountPath: /c/x}, {name: v, mountPath: /c/x/y}      | x
                    {name: c, mountPath: /c, subPath: a}, {name: v, mountPath: /c/x}                        | ''
                    {name: c, mountPath: /c}, {name: c, mountPath: /c/again}                                | again
                    {name: c, mountPath: /c}, {name: v, mountPath: /c/../d/x}                               | ''
                    {name: c, mountPath: /c}, {name: v, mountPath: /c/a}                                    | ''
                    {name: v, mountPath: /v}, {name: c, mountPath: /v/c}, {name: v, mountPath: /v/c/x}      | x
                    """)
    void mountPoints(String mounts, String expected) {
        assertThat(String.join(" ", published(mounts).mountPoints())).isEqualTo(expected);
    }

    @Test
    void allContainersCount() {
        var bundle =
                Bundles.pod(
                                """
                                initContainers:
                                  - {name: i, image: app, volumeMounts: [{name: c, mountPath: /c}, {name: v, mountPath: /c/i}]}
                                containers:
                                  - {name: a, image: app, volumeMounts: [{name: c, mountPath: /c}, {name: v, mountPath: /c/a1}]}
                                  - {name: b, image: app, volumeMounts: [{name: v, mountPath: /c/b}]}
                                volumes: [{name: c, configMap: {name: m}}, {name: v, emptyDir: {}}]
                                """)
                        .configMap("m", Map.of("a", "A"))
                        .build();
        assertThat(publication(bundle).mountPoints()).containsExactly("a1", "i");
    }

    @Test
    void theLayoutsOwnNamesAreRefused() {
        assertThatThrownBy(() ->
                        published("{name: c, mountPath: /c}, {name: v, mountPath: /c/..data}"))
                .isInstanceOf(VolumeNotReadyException.class)
                .hasMessage(
                        "MountVolume.SetUp failed for volume \"c\" : pod mount point /c/..data is invalid");
    }

    private static Publication published(String mounts) {
        return publication(
                Bundles.pod(
                                """
                                containers: [{name: main, image: app, volumeMounts: [%s]}]
                                volumes: [{name: c, configMap: {name: m}}, {name: v, emptyDir: {}}]
                                """
                                        .formatted(mounts))
                        .configMap("m", Map.of("a", "A"))
                        .build());
    }

    private static Publication publication(dev.burstlet.pod.PodBundle bundle) {
        List<Publication> all = Bundles.translator().publications(bundle, List.of());
        return all.stream().filter(p -> p.volume().equals("c")).findFirst().orElseThrow();
    }
}
