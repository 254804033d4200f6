package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Where the bytes of a pod's secret and token are: in the pod, and when it is gone, nowhere. The
 * engine's directory is searched by a container, which sees tmpfs volumes that are mounted too.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretLeakIT {
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    private World world;
    private String root;

    @BeforeAll
    void world() {
        world = World.get();
        root = world.docker().run("info", "--format", "{{.DockerRootDir}}").output().strip();
    }

    @Test
    void aSecretIsInItsPodAndThenNowhere() throws IOException {
        String secret = "leak-" + UUID.randomUUID();
        try (Scene scene = world.scene()) {
            scene.create(
                    """
                    apiVersion: v1
                    kind: Secret
                    metadata: {name: sec}
                    stringData: {key: %s}
                    """
                            .formatted(secret));
            Pod pod =
                    (Pod)
                            scene.create(
                                    Scene.shellPod(
                                                    "holder",
                                                    "trap 'exit 0' TERM; sleep 1000 & wait",
                                                    "  volumes: [{name: sec, secret: {secretName: sec}}]\n")
                                            + "      volumeMounts: [{name: sec, mountPath: /sec},"
                                            + " {name: sec, mountPath: /one, subPath: key}]\n");
            scene.awaitReady("holder");
            String token = scene.kubectl("exec", "holder", "--", "cat", TOKEN).output().strip();
            String signature = token.substring(token.lastIndexOf('.') + 1);
            List<String> words = List.of(secret, base64(secret), signature);
            String label = "label=" + Docker.ofPod(pod.getMetadata().getUid());
            List<String> ids = lines("ps", "-aq", "--no-trunc", "--filter", label);
            assertThat(ids).hasSize(2);

            assertThat(filesWith(secret, "volumes")).as("in RAM, while the pod runs").isNotEmpty();
            assertThat(filesWith(signature, "volumes")).isNotEmpty();
            List<String> layers = new ArrayList<>();
            for (String id : ids) {
                assertThat(world.docker().run("inspect", id).output()).doesNotContain(words);
                layers.addAll(layer(id));
            }
            assertAbsent(words, layers);

            scene.kubectl("delete", "pod", "holder", "--wait=false").output();
            scene.awaitGone("holder");
            eventually(() -> {
                assertThat(lines("ps", "-aq", "--filter", label)).isEmpty();
                assertThat(lines("volume", "ls", "-q", "--filter", label)).isEmpty();
            });
            layers.add("volumes");
            assertAbsent(words, layers);
            assertThat(Files.readString(world.burstlet().log())).doesNotContain(words);
        }
    }

    /** In no configuration, log, name or layer. */
    private void assertAbsent(List<String> words, List<String> layers) {
        List<String> folders = new ArrayList<>(layers);
        folders.add("containers");
        folders.add("image");
        for (String word : words) {
            assertThat(filesWith(word, folders.toArray(String[]::new))).as(word).isEmpty();
        }
    }

    /** The word is put together in the searching container, lest its own command line be found. */
    private List<String> filesWith(String word, String... folders) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--rm",
                                "--network",
                                "none",
                                "-v",
                                root + ":/engine:ro",
                                Docker.IMAGE,
                                "sh",
                                "-c",
                                "word=$0$1; shift; cd /engine; grep -rslF \"$word\" \"$@\" || true",
                                word.substring(0, 9),
                                word.substring(9)));
        line.addAll(Arrays.asList(folders));
        return lines(line.toArray(String[]::new));
    }

    /**
     * The directory of a container's own layer, beneath the engine's, where the engine tells it.
     */
    private List<String> layer(String id) {
        String upper =
                world.docker()
                        .run("inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", id)
                        .out()
                        .strip();
        return upper.startsWith(root + "/")
                ? List.of(upper.substring(root.length() + 1))
                : List.of();
    }

    private List<String> lines(String... command) {
        return world.docker().run(command).output().lines().filter(l -> !l.isBlank()).toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
