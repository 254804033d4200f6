package dev.burstlet.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.PullRequest.Credential;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyringTest {
    @ParameterizedTest
    @CsvSource({
        "https://index.docker.io/v1/, busybox, true",
        "docker.io, busybox, true",
        "registry.example.com, registry.example.com/a, true",
        "*.example.com, registry.example.com/a, true",
        "*.example.com, a.b.example.com/a, false",
        "example.com, registry.example.com/a, false",
        "registry.example.com:5000, registry.example.com/a, false",
        "registry.example.com:5000, registry.example.com:5000/a, true",
        "registry.example.com/team, registry.example.com/team/a, true",
        "registry.example.com/team, registry.example.com/other/a, false",
    })
    void matchesAsTheDocumentationSays(String server, String image, boolean matches) {
        Keyring keyring = Keyring.of(List.of(config(server, "user", "secret")));
        assertThat(keyring.matching(ImageName.parse(image).orElseThrow())).hasSize(matches ? 1 : 0);
    }

    @Test
    void theMostSpecificComesFirst() {
        Keyring keyring =
                Keyring.of(
                        List.of(
                                config("registry.example.com", "general", "1"),
                                config("registry.example.com/team", "team", "2")));
        assertThat(keyring.matching(ImageName.parse("registry.example.com/team/app").orElseThrow()))
                .extracting(Credential::username)
                .containsExactly("team", "general");
    }

    @Test
    void readsTheJoinedFormAndTheOldFormat() {
        String auth = base64("me:pa:ss");
        Secret old =
                new SecretBuilder()
                        .addToData(
                                ".dockercfg",
                                base64("{\"localhost:5000\":{\"auth\":\"" + auth + "\"}}"))
                        .build();
        assertThat(
                        Keyring.of(List.of(new Reference.Present<>(old)))
                                .matching(ImageName.parse("localhost:5000/app").orElseThrow()))
                .containsExactly(new Credential("localhost:5000", "me", "pa:ss", ""));
    }

    @Test
    void anUnreadableSecretIsNoCredential() {
        Secret broken =
                new SecretBuilder().addToData(".dockerconfigjson", base64("not json")).build();
        assertThat(
                        Keyring.of(
                                        List.of(
                                                new Reference.Present<>(broken),
                                                new Reference.Missing<>()))
                                .matching(ImageName.parse("busybox").orElseThrow()))
                .isEmpty();
    }

    private static Reference<Secret> config(String server, String user, String password) {
        String json =
                "{\"auths\":{\""
                        + server
                        + "\":{\"username\":\""
                        + user
                        + "\",\"password\":\""
                        + password
                        + "\"}}}";
        return new Reference.Present<>(
                new SecretBuilder().addToData(".dockerconfigjson", base64(json)).build());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
