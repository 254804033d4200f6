package dev.burstlet.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox, ''",
        "busybox:1.36, docker.io/library/busybox, :1.36",
        "library/busybox, docker.io/library/busybox, ''",
        "me/app:v1, docker.io/me/app, :v1",
        "localhost/app, localhost/app, ''",
        "localhost:5000/a/b:c, localhost:5000/a/b, :c",
        "registry.example.com/x, registry.example.com/x, ''",
        "index.docker.io/x, docker.io/library/x, ''",
    })
    void parsesReferences(String reference, String name, String suffix) {
        ImageName parsed = ImageName.parse(reference).orElseThrow();
        assertThat(parsed.name()).isEqualTo(name);
        assertThat(parsed.suffix()).isEqualTo(suffix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "UPPER",
                "a b",
                "x:",
                ":tag",
                "host:port/x",
                "a//b",
                "x@sha256:12",
                "-x",
                "invalid:image:tag"
            })
    void refusesWhatIsNoReference(String reference) {
        assertThat(ImageName.parse(reference)).isEmpty();
    }

    @Test
    void addsTheDefaultTagOnlyWhereThereIsNone() {
        assertThat(ImageName.withDefaultTag("busybox")).isEqualTo("busybox:latest");
        assertThat(ImageName.withDefaultTag("busybox:1")).isEqualTo("busybox:1");
        String digest = "busybox@sha256:" + "a".repeat(64);
        assertThat(ImageName.withDefaultTag(digest)).isEqualTo(digest);
    }
}
