package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a manifest directory, whatever else lies in it. */
class StaticManifestsTest {
    @TempDir Path folder;

    private StaticManifests manifests;

    @BeforeEach
    void aGoodOne() throws IOException {
        manifests = new StaticManifests(folder, "n", InstantSource.system());
        write("web.yaml", "kind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c}]}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: Pod\nmetadata: [",
                "\t",
                "hello",
                "",
                "kind: ConfigMap\nmetadata: {name: x}",
                "kind: Pod\nmetadata: {name: x}",
                "kind: Pod\nmetadata: {name: x}\nspec: {containers: 5}",
                "kind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c, envFrom:"
                        + " [{configMapRef: {name: m}}]}]}",
            })
    void whatCannotBeRunKeepsNothingElseFromRunning(String text) throws IOException {
        write("a.yaml", text);
        assertThat(manifests.read().values())
                .extracting(pod -> pod.getMetadata().getName())
                .containsExactly("web-n");
    }

    @Test
    void aChangedFileIsAnotherPodAndTheSameOneIsTheSame() throws IOException {
        Pod first = only();
        assertThat(only().getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
        write("web.yaml", "kind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: d}]}\n");
        assertThat(only().getMetadata().getUid()).isNotEqualTo(first.getMetadata().getUid());
    }

    private Pod only() throws IOException {
        return manifests.read().values().iterator().next();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
