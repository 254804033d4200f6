package dev.burstlet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReadingTest {
    private static final Pod KNOWN = whole("u1", 3L, "Pending");

    @Test
    void takesTheSpecOfAKnownGenerationAndEverythingElseFromTheAnswer() throws IOException {
        Pod read = read(json("u1", 3L, "Running"));

        assertThat(read.getSpec()).isSameAs(KNOWN.getSpec());
        assertThat(read).isEqualTo(whole("u1", 3L, "Running"));
    }

    @ParameterizedTest
    @CsvSource({"u1, 4", "u2, 3"})
    void readsTheSpecOfAnotherGenerationOrPod(String uid, long generation) throws IOException {
        Pod read = read(json(uid, generation, "Running"));

        assertThat(read.getSpec()).isNotSameAs(KNOWN.getSpec());
        assertThat(read).isEqualTo(whole(uid, generation, "Running"));
    }

    @ParameterizedTest
    @CsvSource({"0", ","})
    void readsTheSpecWhereGenerationsAreNotCounted(Long generation) throws IOException {
        Pod before = whole("u1", generation, "Pending");
        Pod read = read(json("u1", generation, "Running"), (_, _) -> before);

        assertThat(read.getSpec()).isEqualTo(before.getSpec()).isNotSameAs(before.getSpec());
    }

    @Test
    void takesTheSpecOfTheGenerationBeforeADeletion() throws IOException {
        Pod read = read(deleted(json("u1", 4L, "Running")));

        assertThat(read.getSpec()).isSameAs(KNOWN.getSpec());
        assertThat(read.getStatus().getPhase()).isEqualTo("Running");
    }

    @Test
    void readsTheSpecWhereADeletionCameWithAnotherChange() throws IOException {
        Pod read = read(deleted(json("u1", 5L, "Running")));

        assertThat(read.getSpec()).isEqualTo(KNOWN.getSpec()).isNotSameAs(KNOWN.getSpec());
    }

    @Test
    void readsTheSpecThatChangedAfterADeletion() throws IOException {
        Pod ending =
                new PodBuilder(KNOWN)
                        .editMetadata()
                        .withDeletionTimestamp("then")
                        .endMetadata()
                        .build();

        Pod read = read(deleted(json("u1", 4L, "Running")), (_, _) -> ending);

        assertThat(read.getSpec()).isNotSameAs(ending.getSpec());
    }

    @Test
    void asksOfAPodThatIsGoneOnlyWhichOneItWas() throws IOException {
        Pod last = last(deleted(json("u1", 4L, "Failed")));

        assertThat(last.getMetadata().getUid()).isEqualTo("u1");
        assertThat(last.getSpec()).isSameAs(KNOWN.getSpec());
        assertThat(last.getStatus()).isSameAs(KNOWN.getStatus());
    }

    @Test
    void readsAPodThatIsGoneAndWasNotKnown() throws IOException {
        Pod last = last(deleted(json("u2", 4L, "Failed")));

        assertThat(last.getSpec()).isEqualTo(KNOWN.getSpec()).isNotSameAs(KNOWN.getSpec());
        assertThat(last.getStatus().getPhase()).isEqualTo("Failed");
    }

    @Test
    void hasOnlyThePartsKeptThatAreForLong() throws IOException {
        List<Object> kept = new ArrayList<>();
        PodReading.Keeping keeping =
                new PodReading.Keeping() {
                    @Override
                    public <T> T kept(T part) {
                        kept.add(part);
                        return part;
                    }
                };

        Pod changed = read(json("u1", 3L, "Running"), (_, _) -> KNOWN, keeping, false);
        read(deleted(json("u1", 4L, "Running")), (_, _) -> KNOWN, keeping, false);

        assertThat(kept).containsExactly(changed.getMetadata(), changed.getStatus());
    }

    @Test
    void readsABookmark() throws IOException {
        Pod read =
                read(
                        "{'kind':'Pod','metadata':{'resourceVersion':'7'},'spec':{},'newest':[{}],'status':{}}");

        assertThat(read.getMetadata().getResourceVersion()).isEqualTo("7");
    }

    private static Pod whole(String uid, Long generation, String phase) {
        try {
            return ApiCalls.JSON.readValue(
                    json(uid, generation, phase).replace('\'', '"'), Pod.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Pod read(String json) throws IOException {
        return read(json, (_, name) -> name.equals("p") ? KNOWN : null);
    }

    private static Pod read(String json, PodReading.Known known) throws IOException {
        return read(json, known, PodReadingTest::same, false);
    }

    private static Pod last(String json) throws IOException {
        return read(json, (_, _) -> KNOWN, PodReadingTest::same, true);
    }

    private static Pod read(
            String json, PodReading.Known known, PodReading.Keeping keeping, boolean last)
            throws IOException {
        byte[] text = ("[" + json.replace('\'', '"') + " ]").getBytes(StandardCharsets.UTF_8);
        byte[] rest = Arrays.copyOfRange(text, 1, text.length);
        JsonWalk walk = new JsonWalk(rest, rest.length);
        PodReading reading = new PodReading(known, keeping);
        Pod pod = last ? reading.last(walk) : reading.read(walk);
        assertThatThrownBy(walk::text)
                .as("the rest")
                .hasMessageContaining("after " + (rest.length - 1) + " bytes");
        return pod;
    }

    private static <T> T same(T part) {
        return part;
    }

    private static String deleted(String json) {
        return json.replace("'managedFields'", "'deletionTimestamp':'then','managedFields'");
    }

    private static String json(String uid, Long generation, String phase) {
        return "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p','namespace':'n','uid':'"
                + uid
                + "'"
                + (generation == null ? "" : ",'generation':" + generation)
                + ",'managedFields':[{'manager':'m'}]},'spec':{'nodeName':'here','containers':"
                + "[{'name':'c','image':'i'}],'newer':{'x':[1]}},'status':{'phase':'"
                + phase
                + "'}}";
    }
}
