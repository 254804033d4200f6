package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.serve.WireClient.Head;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages by which a component tells of itself. */
class ZPagesTest {
    private static @Nullable ServerFixture fixture;

    @BeforeAll
    static void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterAll
    static void stop() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void peopleGetText() throws IOException {
        assertThat(get("/statusz", "X: y"))
                .startsWith("200 text/plain; charset=utf-8 \nkubelet statusz\nWarning: This endp")
                .containsPattern("\n\nStarted: \\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d UTC ")
                .contains("\nUp: 0 hr 00 min ")
                .contains("\nBinary version: v1.36.3\nEmulation version: 1.36\nPaths: /configz ");
        // As kubectl get --raw asks.
        assertThat(get("/flagz", "Accept: application/json, */*"))
                .startsWith("200 text/plain; charset=utf-8 \nkubelet flagz\n")
                .endsWith("purposes only.\nnode=n1\n");
    }

    @ParameterizedTest
    @CsvSource({"v1beta1", "v1alpha1"})
    void whoNamesAnObjectGetsIt(String version) throws IOException {
        String accept = "Accept: application/json;as=%s;v=" + version + ";g=config.k8s.io";

        assertThat(get("/statusz", accept.formatted("Statusz")))
                .startsWith(
                        "200 application/json {\"kind\":\"Statusz\",\"apiVersion\":\"config.k8s.io/"
                                + version
                                + "\",\"metadata\":{\"name\":\"kubelet\"},\"startTime\":\"20")
                .contains("\"binaryVersion\":\"v1.36.3\",\"emulationVersion\":\"1.36\"");
        assertThat(get("/flagz", accept.formatted("Flagz")))
                .endsWith("\"flags\":{\"node\":\"n1\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json",
        "application/json;as=Flagz;v=v1beta1;g=config.k8s.io",
        "application/json;as=Statusz;v=v2;g=config.k8s.io",
        "application/vnd.kubernetes.protobuf"
    })
    void whatIsNotServedIsRefused(String accept) throws IOException {
        assertThat(get("/statusz", "Accept: " + accept)).startsWith("406 ").contains("as=Statusz");
    }

    private static String get(String path, String header) throws IOException {
        if (fixture == null) {
            throw new IllegalStateException("not started");
        }
        try (WireClient client = fixture.connect()) {
            Head head = client.request("GET", path, ServerFixture.ADMIN, header).head();
            return head.status()
                    + " "
                    + head.headers().get("content-type")
                    + " "
                    + client.body(head);
        }
    }
}
