package dev.burstlet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is made small says what it said. */
class SlimTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String POD =
            """
            {"apiVersion":"v1","kind":"Pod","fieldOfTomorrow":{"kept":["a",1,null]},
             "metadata":{"name":"p","namespace":"n","uid":"u","labels":{"b":"2","a":"1"},"annotations":{"one":"1"},"finalizers":["f"]},
             "spec":{"nodeName":"here","tolerations":[{"operator":"Exists","unknown":"kept"}],
               "containers":[{"name":"main","image":"busybox:1","command":["sh","-c","true"],"env":[{"name":"E","value":""}],
                 "resources":{"limits":{"cpu":"1","memory":"1Gi"}},"ports":[{"containerPort":80,"name":"http"}],
                 "livenessProbe":{"httpGet":{"path":"/","port":"http","httpHeaders":[{"name":"h","value":"v"}]}}}]},
             "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}],"conditions":[{"type":"Ready","status":"True"}],
               "containerStatuses":[{"name":"main","ready":true,"restartCount":3,"image":"busybox:1","imageID":"",
                 "state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}}}]}}
            """;

    @Test
    void isEqualToWhatItWas() throws JsonProcessingException {
        Pod slim = Slim.of(read());
        assertThat(slim).isEqualTo(read());
        assertThat(JSON.valueToTree(slim).toString())
                .isEqualTo(JSON.valueToTree(read()).toString());
        assertThat(slim.getAdditionalProperties()).containsKey("fieldOfTomorrow");
        assertThat(slim.getSpec().getTolerations().getFirst().getAdditionalProperties())
                .containsEntry("unknown", "kept");
    }

    @Test
    void staysWithoutWhatItDoesNotHave() {
        Pod pod = new Pod();
        pod.setSpec(null);
        assertThat(Slim.of(pod).getSpec()).isNull();
        assertThat(pod.getMetadata()).isNull();
    }

    @Test
    void saysEachWordOnce() throws JsonProcessingException {
        Pod one = Slim.of(read());
        Pod other = Slim.of(read());
        assertThat(one.getSpec().getContainers().getFirst().getImage())
                .isSameAs(other.getSpec().getContainers().getFirst().getImage())
                .isSameAs(one.getStatus().getContainerStatuses().getFirst().getImage());
        assertThat(one.getMetadata().getLabels().keySet().iterator().next())
                .isSameAs(other.getMetadata().getLabels().keySet().iterator().next());
        assertThat(Slim.word("x".repeat(1000))).hasSize(1000);
    }

    @Test
    void hasNoEmptyCollectionsOfItsOwn() throws JsonProcessingException {
        Pod pod = Slim.of(read());
        assertThat(pod.getStatus().getAdditionalProperties()).isSameAs(Collections.emptyMap());
        assertThat(pod.getSpec().getInitContainers()).isSameAs(Collections.emptyList());
    }

    @Test
    void leavesWhatIsSlimAsItIs() throws JsonProcessingException {
        Pod pod = Slim.of(read());
        List<?> conditions = pod.getStatus().getConditions();
        Map<?, ?> labels = pod.getMetadata().getLabels();
        Map<?, ?> annotations = pod.getMetadata().getAnnotations();
        Slim.of(pod);
        assertThat(pod.getStatus().getConditions()).isSameAs(conditions);
        assertThat(pod.getMetadata().getLabels()).isSameAs(labels);
        assertThat(pod.getMetadata().getAnnotations()).isSameAs(annotations);
    }

    @Test
    void canBeBuiltUpon() throws JsonProcessingException {
        Pod pod = Slim.of(read());
        Pod changed =
                new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels("c", "3")
                        .endMetadata()
                        .editStatus()
                        .addNewCondition()
                        .withType("Initialized")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build();
        assertThat(changed.getMetadata().getLabels()).containsEntry("c", "3").hasSize(3);
        assertThat(changed.getStatus().getConditions()).hasSize(2);
        assertThat(pod).isEqualTo(read());
    }

    private static Pod read() throws JsonProcessingException {
        return JSON.readValue(POD, Pod.class);
    }
}
