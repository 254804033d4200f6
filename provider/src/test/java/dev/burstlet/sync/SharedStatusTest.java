package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class SharedStatusTest {
    @Test
    void equalPartsAreThereOnce() {
        PodStatus api = status("then", 1);
        PodStatus host = status("then", 1);

        SharedStatus.share(api, host);

        assertThat(api).isEqualTo(status("then", 1));
        assertThat(api.getContainerStatuses()).isSameAs(host.getContainerStatuses());
        assertThat(api.getPodIPs()).isSameAs(host.getPodIPs());
        assertThat(api.getConditions().getFirst()).isSameAs(host.getConditions().getFirst());
    }

    @Test
    void whatDiffersStays() {
        PodStatus api = status("then", 1);
        PodStatus host = status("later", 2);
        host.getConditions().removeFirst();

        SharedStatus.share(api, host);

        assertThat(api).isEqualTo(status("then", 1));
        assertThat(api.getConditions().get(1)).isSameAs(host.getConditions().getFirst());
    }

    private static PodStatus status(String since, int restarts) {
        return Serialization.unmarshal(
                """
                phase: Running
                podIPs: [{ip: 10.0.0.1}]
                conditions:
                  - {type: Ready, status: 'True', lastTransitionTime: then}
                  - {type: mine, status: 'True'}
                  - {type: Initialized, status: 'True', lastTransitionTime: '%s'}
                containerStatuses: [{name: c, restartCount: %d}]
                """
                        .formatted(since, restarts),
                PodStatus.class);
    }
}
