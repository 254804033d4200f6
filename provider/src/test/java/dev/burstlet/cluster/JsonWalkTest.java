package dev.burstlet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWalkTest {
    private static final String TRICKY =
            "{'a':{'x':['}',{'y':']\\''}]},'b':-1.5e3,'c':'}{\\\\','d':[],'e':null,'f':true,"
                    + "'ü':{},'last':'end'}";

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t "})
    void passesByWhateverAValueHolds(String space) throws IOException {
        String spaced =
                space.isEmpty()
                        ? TRICKY
                        : space
                                + TRICKY.replace("{'", "{" + space + "'")
                                        .replace(":", space + ":" + space)
                                        .replace(",", space + "," + space);
        JsonWalk walk = walk(spaced);
        List<String> names = new ArrayList<>();
        walk.enter();
        while (walk.next()) {
            names.add(walk.name());
            if (walk.name().equals("last")) {
                assertThat(walk.text()).isEqualTo("end");
            } else {
                walk.skip();
            }
        }
        assertThat(names).containsExactly("a", "b", "c", "d", "e", "f", "ü", "last");
    }

    @Test
    void stepsIntoObjectsAndOutOfThem() throws IOException {
        JsonWalk walk = walk("{'metadata':{'name':'n'},'after':'x'}");
        walk.enter();
        assertThat(walk.next()).isTrue();
        walk.enter();
        assertThat(walk.next()).isTrue();
        assertThat(walk.text()).isEqualTo("n");
        assertThat(walk.next()).isFalse();
        assertThat(walk.next()).isTrue();
        assertThat(walk.name()).isEqualTo("after");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'name':'n','managedFields':[{'f:a':{'.':{}}}]}",
                "{'managedFields':[],'name':'n'}",
                "{ 'name' : 'n' , 'managedFields' : [ ] , 'x' : 'managedFields' }",
                "{'name':'n'}"
            })
    void readsAnObjectWithoutAField(String json) throws IOException {
        ObjectMeta metadata = walk(json).readWithout("managedFields", ObjectMeta.class);

        assertThat(metadata.getName()).isEqualTo("n");
        assertThat(metadata.getManagedFields()).isEmpty();
    }

    @Test
    void readsAnObjectOfThatFieldAlone() throws IOException {
        JsonWalk walk = walk("{'m':{'managedFields':[{}]},'name':'n'}");
        walk.enter();
        assertThat(walk.next()).isTrue();
        assertThat(walk.readWithout("managedFields", ObjectMeta.class)).isEqualTo(new ObjectMeta());
        assertThat(walk.next()).isTrue();
        assertThat(walk.name()).isEqualTo("name");
    }

    @Test
    void readsAValueAndNothingAfterIt() throws IOException {
        JsonWalk walk = walk("{'labels': {'a':'}','b':'\\u00fc'} ,'name':'n'}");
        walk.enter();
        assertThat(walk.next()).isTrue();
        Object read = walk.read(Map.class);
        assertThat(read).isEqualTo(Map.of("a", "}", "b", "ü"));
        assertThat(walk.next()).isTrue();
        assertThat(walk.name()).isEqualTo("name");
    }

    @Test
    void whatBreaksOffIsAFault() {
        byte[] whole = TRICKY.replace('\'', '"').getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            JsonWalk walk = new JsonWalk(whole, length);
            assertThatThrownBy(walk::skip, "after %s bytes", length)
                    .isInstanceOf(IOException.class);
            JsonWalk fields = new JsonWalk(whole, length);
            assertThatThrownBy(
                            () -> {
                                fields.enter();
                                while (fields.next()) {
                                    fields.skip();
                                }
                            },
                            "after %s bytes",
                            length)
                    .isInstanceOf(IOException.class);
        }
    }

    private static JsonWalk walk(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(UTF_8);
        return new JsonWalk(bytes, bytes.length);
    }
}
