package dev.burstlet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicPatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // base | wanted | patch
                "{} | {} | {}",
                "{'a':1} | {'a':1} | {}",
                "{'a':1} | {'a':2} | {'a':2}",
                "{'a':1} | {} | {'a':null}",
                "{'a':[]} | {} | {}",
                "{} | {'a':{}} | {}",
                "{'m':{'x':'1','y':'2'}} | {'m':{'x':'1'}} | {'m':{'y':null}}",
                "{'podIPs':[{'ip':'1'}]} | {'podIPs':[{'ip':'2'}]} |"
                        + " {'podIPs':[{'$patch':'replace'},{'ip':'2'}]}",
                "{'containerStatuses':[{'name':'a','ready':true}]} |"
                        + " {'containerStatuses':[{'name':'a','ready':false}]} |"
                        + " {'containerStatuses':[{'name':'a','ready':false}]}",
                "{'conditions':[{'type':'A','status':'1'},{'type':'B','status':'1'}]} |"
                        + " {'conditions':[{'type':'A','status':'1'},{'type':'B','status':'2'}]} |"
                        + " {'conditions':[{'type':'B','status':'2'}]}",
                "{'conditions':[{'type':'A','message':'m'}]} | {'conditions':[{'type':'A'}]} |"
                        + " {'conditions':[{'type':'A','message':null}]}",
                "{'conditions':[{'type':'A'}]} | {'conditions':[]} |"
                        + " {'conditions':[{'type':'A','$patch':'delete'}]}",
            })
    void holdsWhatDiffers(String base, String wanted, String patch) throws JsonProcessingException {
        assertThat(StrategicPatch.diff(object(base), object(wanted))).isEqualTo(object(patch));
    }

    @Test
    void ofTwoModelsIsThatOfTheirTrees() {
        PodStatus base =
                new PodStatusBuilder()
                        .withPhase("Running")
                        .withReason("Old")
                        .withPodIPs(new PodIP("10.0.0.1"))
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .withMessage("m")
                        .endCondition()
                        .addNewCondition()
                        .withType("Theirs")
                        .withStatus("True")
                        .endCondition()
                        .addNewContainerStatus()
                        .withName("main")
                        .withReady(true)
                        .endContainerStatus()
                        .build();
        PodStatus wanted =
                new PodStatusBuilder(base)
                        .withReason(null)
                        .withPodIPs(new PodIP("10.0.0.2"))
                        .withObservedGeneration(2L)
                        .editFirstCondition()
                        .withStatus("False")
                        .withMessage(null)
                        .endCondition()
                        .withContainerStatuses()
                        .addToAllocatedResources("cpu", new Quantity("1"))
                        .build();

        ObjectNode patch = StrategicPatch.between(base, wanted);

        assertThat(patch)
                .isEqualTo(
                        StrategicPatch.diff(
                                StrategicPatch.tree(base), StrategicPatch.tree(wanted)));
        assertThat(patch.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "reason",
                        "podIPs",
                        "observedGeneration",
                        "conditions",
                        "containerStatuses",
                        "allocatedResources");
        assertThat(StrategicPatch.between(base, base)).isEmpty();
    }

    @Test
    void tellsOfThoseConditionsAloneThatDiffer() {
        PodStatus base = conditions("A=True", "B=True", "C=True");

        assertThat(StrategicPatch.between(base, conditions("C=True", "A=True", "B=False")))
                .isEqualTo(
                        StrategicPatch.diff(
                                StrategicPatch.tree(base),
                                StrategicPatch.tree(conditions("A=True", "B=False", "C=True"))))
                .hasToString("{\"conditions\":[{\"status\":\"False\",\"type\":\"B\"}]}");
        assertThat(StrategicPatch.between(base, conditions("A=True", "C=True")))
                .hasToString("{\"conditions\":[{\"type\":\"B\",\"$patch\":\"delete\"}]}");
        assertThat(StrategicPatch.between(base, conditions("A=True", "D=True", "C=True")))
                .hasToString(
                        "{\"conditions\":[{\"status\":\"True\",\"type\":\"D\"},"
                                + "{\"type\":\"B\",\"$patch\":\"delete\"}]}");
        assertThat(StrategicPatch.between(base, conditions("C=True", "B=True", "A=True")))
                .isEmpty();
    }

    private static PodStatus conditions(String... typesAndStatuses) {
        PodStatusBuilder status = new PodStatusBuilder();
        for (String condition : typesAndStatuses) {
            int split = condition.indexOf('=');
            status.addNewCondition()
                    .withType(condition.substring(0, split))
                    .withStatus(condition.substring(split + 1))
                    .endCondition();
        }
        return status.build();
    }

    @Test
    void leavesAloneWhatTheModelDoesNotKnow() {
        PodStatus base = new PodStatusBuilder().withPhase("Running").build();
        base.setAdditionalProperty("newer", "field");

        assertThat(StrategicPatch.between(base, new PodStatus()))
                .isEqualTo(StrategicPatch.object().putNull("phase"));
    }

    private static ObjectNode object(String text) throws JsonProcessingException {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }
}
