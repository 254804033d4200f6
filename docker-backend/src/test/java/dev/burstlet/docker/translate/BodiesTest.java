package dev.burstlet.docker.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerSpec.EnvVar;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.container.SandboxSpec.Namespaces;
import dev.burstlet.container.SandboxSpec.PortMapping;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.pod.PodKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BodiesTest {
    private static final Owner OWNER = new Owner("cluster", "node");
    private static final PodKey POD = new PodKey("ns", "web", "uid-1");

    @Test
    void processIsTheSpecs() {
        JsonNode body = container(List.of("run"), List.of("x"), SecuritySpec.DEFAULT);

        assertThat(body.path("Entrypoint")).hasToString("[\"run\"]");
        assertThat(body.path("Cmd")).hasToString("[\"x\"]");
        assertThat(body.path("Env")).hasToString("[\"A=2\",\"B=x=y\"]");
        assertThat(body.path("Healthcheck")).hasToString("{\"Test\":[\"NONE\"]}");
        assertThat(container(List.of(), List.of(), SecuritySpec.DEFAULT).has("Cmd")).isFalse();
    }

    @Test
    void containerJoinsItsSandboxWithinItsLimits() {
        JsonNode host = container(List.of(), List.of(), SecuritySpec.DEFAULT).path("HostConfig");

        assertThat(host.path("NetworkMode").asText()).isEqualTo("container:sb");
        assertThat(host.path("IpcMode").asText()).isEqualTo("container:sb");
        assertThat(host.has("PidMode")).isFalse();
        assertThat(host.path("Memory").asLong()).isEqualTo(64 << 20);
        assertThat(host.path("MemorySwap").asLong()).isEqualTo(64 << 20);
        assertThat(host.path("OomScoreAdj").asInt()).isEqualTo(-500);
        assertThat(host.has("PidsLimit")).isFalse();
    }

    @Test
    void labelsIdentifyTheContainer() {
        JsonNode body = container(List.of(), List.of(), SecuritySpec.DEFAULT);

        assertThat(StatusReader.labels(body.path("Labels")))
                .containsEntry(Labels.POD_UID, "uid-1")
                .containsEntry(Labels.CONTAINER_NAME, "c")
                .containsEntry(Labels.ATTEMPT, "2")
                .containsEntry(Labels.HASH, "h")
                .containsEntry(Names.SANDBOX_LABEL, "sb")
                .containsEntry(Names.IMAGE_LABEL, "web:1");
    }

    @Test
    void securityIsAllOfIt() {
        SecuritySpec.SeLinux labels = new SecuritySpec.SeLinux("", "", "spc_t", "s0");
        String profile = "{ \"defaultAction\" : \"SCMP_ACT_ALLOW\" }";

        JsonNode body = container(List.of(), List.of(), security(1000L, 2000L, profile, labels));

        JsonNode host = body.path("HostConfig");
        assertThat(body.path("User").asText()).isEqualTo("1000:2000");
        assertThat(host.path("GroupAdd")).hasToString("[\"3000\"]");
        assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
        assertThat(host.path("CapAdd")).hasToString("[\"NET_ADMIN\"]");
        assertThat(host.path("CapDrop")).hasToString("[\"ALL\"]");
        assertThat(host.path("MaskedPaths").isArray()).isTrue();
        assertThat(host.path("SecurityOpt"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "no-new-privileges",
                        "seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}",
                        "apparmor=my-profile",
                        "label=type:spc_t",
                        "label=level:s0");
    }

    @Test
    void whatDockerCannotDoIsRefusedByName() {
        assertThatThrownBy(() -> sandbox(new Namespaces(false, false, false, false, true)))
                .hasMessageStartingWith("hostUsers: false");
    }

    @Test
    void sandboxHasThePodsNetworkPortsAndName() {
        JsonNode body = sandbox(Namespaces.POD);

        JsonNode host = body.path("HostConfig");
        assertThat(body.path("Hostname").asText()).isEqualTo("web");
        assertThat(body.path("Cmd")).hasToString("[\"-r\",\"x\"]");
        assertThat(host.path("NetworkMode").asText()).isEqualTo(Names.network(OWNER));
        assertThat(host.path("IpcMode").asText()).isEqualTo("shareable");
        assertThat(host.path("PortBindings"))
                .hasToString("{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]}");
    }

    @Test
    void hostNamespacesLeaveNothingOfThePods() {
        JsonNode body = sandbox(new Namespaces(true, true, true, false, false));

        assertThat(body.has("Hostname")).isFalse();
        assertThat(body.has("ExposedPorts")).isFalse();
        assertThat(body.path("HostConfig").path("NetworkMode").asText()).isEqualTo("host");
        assertThat(body.path("HostConfig").path("PidMode").asText()).isEqualTo("host");
        assertThat(body.path("HostConfig").path("IpcMode").asText()).isEqualTo("host");
    }

    @Test
    void namesAreReadableAndNeverTooLong() {
        PodKey one = new PodKey("n".repeat(63), "p".repeat(253), "uid");
        PodKey two = new PodKey("n".repeat(63), "p".repeat(253), "uid2");

        assertThat(Names.sandbox(spec(POD, Namespaces.POD))).isEqualTo("k8s_POD_web_ns_uid-1_0");
        assertThat(Names.sandbox(spec(one, Namespaces.POD)))
                .hasSizeLessThanOrEqualTo(200)
                .isNotEqualTo(Names.sandbox(spec(two, Namespaces.POD)));
    }

    private static SecuritySpec security(
            @Nullable Long user,
            @Nullable Long group,
            String seccomp,
            SecuritySpec.@Nullable SeLinux labels) {
        return new SecuritySpec(
                user,
                group,
                List.of(3000L),
                false,
                true,
                true,
                List.of("NET_ADMIN"),
                List.of("ALL"),
                seccomp,
                "my-profile",
                labels,
                true,
                false);
    }

    private static JsonNode sandbox(Namespaces namespaces) {
        return SandboxBody.of(
                spec(POD, namespaces),
                "pause",
                List.of("-r", "x"),
                JsonNodeFactory.instance.arrayNode(),
                -500);
    }

    private static SandboxSpec spec(PodKey key, Namespaces namespaces) {
        return new SandboxSpec(
                OWNER,
                key,
                0,
                "web",
                Dns.HOST,
                List.of(new PortMapping("TCP", 80, 8080, "")),
                namespaces,
                Map.of(),
                SecuritySpec.DEFAULT,
                Resources.NONE,
                Resources.NONE,
                List.of(),
                "",
                "",
                Map.of(),
                Map.of());
    }

    private static JsonNode container(
            List<String> command, List<String> args, SecuritySpec security) {
        ContainerSpec spec =
                new ContainerSpec(
                        OWNER,
                        POD,
                        "c",
                        ContainerKind.APP,
                        2,
                        "sb",
                        spec(POD, Namespaces.POD),
                        "web:1",
                        "sha256:1",
                        command,
                        args,
                        List.of(new EnvVar("A", "1"), new EnvVar("B", "x=y"), new EnvVar("A", "2")),
                        "",
                        List.of(),
                        new Resources(100, 50_000, 100_000, 64 << 20, -997, 0),
                        security,
                        false,
                        false,
                        false,
                        "",
                        null,
                        Map.of(Labels.HASH, "h"),
                        Map.of());
        return ContainerBody.of(
                spec,
                new ProcessUser(
                        security.user() == null ? 0 : security.user(),
                        security.group() == null ? 0 : security.group(),
                        security.supplementalGroups()),
                JsonNodeFactory.instance.arrayNode(),
                LogLimits.DEFAULT,
                -500);
    }
}
