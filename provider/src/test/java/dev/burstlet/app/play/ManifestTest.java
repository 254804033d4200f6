package dev.burstlet.app.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.engine.TestPods;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: one}
            spec: {containers: [{name: main, image: busybox}]}
            """;

    @Test
    void aPodComesWithWhatIsBesideItInItsNamespace() {
        List<PodBundle> bundles =
                Manifest.parse(
                                POD
                                        + """
                                        ---
                                        kind: Secret
                                        metadata: {name: word}
                                        stringData: {key: hidden}
                                        ---
                                        kind: ConfigMap
                                        metadata: {name: elsewhere, namespace: other}
                                        """)
                        .bundles(TestPods.NODE);

        assertThat(bundles).hasSize(1);
        PodBundle bundle = bundles.getFirst();
        assertThat(bundle.key().namespace()).isEqualTo("default");
        assertThat(bundle.secrets()).containsOnlyKeys("word");
        assertThat(bundle.configMaps()).isEmpty();
        assertThat(bundle.pod().getSpec().getRestartPolicy()).isEqualTo("Always");
    }

    @Test
    void theSamePodIsTheSameAgainAndAChangedOneAnother() {
        String first = uid(POD);

        assertThat(uid(POD)).isEqualTo(first);
        assertThat(uid(POD.replace("busybox", "busybox:2"))).isNotEqualTo(first);
    }

    @Test
    void whatIsNoPodIsRefused() {
        assertThatThrownBy(() -> Manifest.parse("kind: Deployment\nmetadata: {name: d}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'Deployment' is none of Pod, ConfigMap, Secret, List");
        assertThatThrownBy(() -> Manifest.parse("kind: ConfigMap\nmetadata: {name: c}"))
                .hasMessage("there is no Pod in it");
        assertThatThrownBy(() -> Manifest.parse("kind: Pod\nmetadata: {name: p}\nspec: {}"))
                .hasMessage("Pod p: spec.containers is empty");
    }

    private static String uid(String text) {
        return Manifest.parse(text).bundles(TestPods.NODE).getFirst().key().uid();
    }
}
