package dev.burstlet.hyper.cri;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.hyper.proto.cri.RuntimeCondition;
import dev.burstlet.hyper.proto.cri.RuntimeStatus;
import dev.burstlet.hyper.proto.cri.StatusResponse;
import dev.burstlet.hyper.proto.cri.VersionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a runtime's own words. */
class RuntimeFactsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RuntimeReady | true | ''",
                "RuntimeReady | false | RuntimeReady: why",
                "NetworkReady | false | NetworkReady: why",
                "ContainerdHasNoDeprecationWarnings | false | ''",
            })
    void onlyTheConditionsThatPodsNeedAreAProblem(String type, boolean holds, String problem) {
        RuntimeCondition condition =
                RuntimeCondition.newBuilder()
                        .setType(type)
                        .setStatus(holds)
                        .setMessage("why")
                        .build();

        assertThat(facts("containerd", "v2.3.7", condition).problem()).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "containerd, 1.6.20~ds1, false",
        "containerd, 1.7.29, false",
        "containerd, v2.0.4, false",
        "containerd, v2.1.0, true",
        "containerd, 2.3.7+unknown, true",
        "cri-o, 1.30.2, false",
        "cri-o, 1.34.0, true",
        "other, 9.9.9, false",
    })
    void imageVolumesAreThoseReleasesThatMountThem(String name, String version, boolean has) {
        assertThat(facts(name, version, RuntimeCondition.getDefaultInstance()).imageVolumes())
                .isEqualTo(has);
    }

    @Test
    void handlersThatAreNotToldAreNone() {
        RuntimeFacts facts = facts("other", "1", RuntimeCondition.getDefaultInstance());

        assertThat(facts.handlers()).isEmpty();
        assertThat(facts.handler("")).isEmpty();
    }

    private static RuntimeFacts facts(String name, String version, RuntimeCondition condition) {
        return RuntimeFacts.of(
                VersionResponse.newBuilder()
                        .setRuntimeName(name)
                        .setRuntimeVersion(version)
                        .build(),
                StatusResponse.newBuilder()
                        .setStatus(RuntimeStatus.newBuilder().addConditions(condition))
                        .build());
    }
}
