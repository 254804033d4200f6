package dev.burstlet.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullFailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no matching manifest for linux/amd64 in the manifest list entries | IMAGE_PLATFORM",
                "received unexpected HTTP status: 503 Service Unavailable | REGISTRY_UNAVAILABLE",
                "Get https://r.example/v2/: dial tcp 10.0.0.1:443: connect: connection refused"
                        + " | REGISTRY_UNAVAILABLE",
                "Get https://r.example/v2/: dial tcp: lookup r.example: no such host"
                        + " | REGISTRY_UNAVAILABLE",
                "net/http: TLS handshake timeout | REGISTRY_UNAVAILABLE",
                "manifest for a:b not found: manifest unknown | IMAGE_PULL",
                "pull access denied for a, repository does not exist | IMAGE_PULL",
                "toomanyrequests: You have reached your pull rate limit | IMAGE_PULL",
                "invalid reference format | INVALID_IMAGE_NAME",
            })
    void wordsTellTheReason(String words, Reason reason) {
        assertThat(PullFailure.of("a:b", words).reason()).isEqualTo(reason);
    }

    @Test
    void onlyRefusedAccessMakesTheNextCredentialWorthATry() {
        assertThat(PullFailure.isAccess(PullFailure.of("a", "unauthorized: login"))).isTrue();
        assertThat(PullFailure.isAccess(PullFailure.of("a", "manifest unknown"))).isFalse();
        assertThat(PullFailure.isAccess(PullFailure.of("a", "connection refused: denied")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, busybox:latest, latest",
        "r.example:5000/a/b:1, r.example:5000/a/b:1, 1",
        "localhost/a__b-c.d, localhost/a__b-c.d:latest, latest",
    })
    void referenceIsNormalisedAsTheEngineDoes(String text, String lookup, String version) {
        ImageReference reference = ImageReference.parse(text);

        assertThat(reference.lookup()).isEqualTo(lookup);
        assertThat(reference.version()).isEqualTo(version);
    }

    @Test
    void digestLeavesNothingForATagToSay() {
        String digest = "sha256:" + "a".repeat(64);

        assertThat(ImageReference.parse("r/a:1@" + digest).lookup()).isEqualTo("r/a@" + digest);
        assertThat(ImageReference.isId(digest)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Upper/Case", "a:", "a::b", "-a", "a/../b", "a b", "''", "a@sha256:12"})
    void nonsenseIsAnInvalidImageName(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_IMAGE_NAME))
                .hasMessageContaining("couldn't parse image name \"" + text + "\"");
    }
}
