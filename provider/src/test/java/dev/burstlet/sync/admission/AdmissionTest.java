package dev.burstlet.sync.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final Node NODE =
            Serialization.unmarshal(
                    """
                    metadata:
                      name: n
                      labels: {zone: a, size: "8"}
                    spec:
                      taints: [{key: gone, effect: NoExecute}, {key: soft, effect: NoSchedule}]
                    status:
                      nodeInfo: {operatingSystem: linux}
                      allocatable: {cpu: "2", memory: 1Gi, pods: "2", example.com/gpu: "2"}
                    """,
                    Node.class);

    private static Pod pod(String spec, String owner) {
        return Serialization.unmarshal(
                """
                metadata:
                  name: p
                  uid: %s
                  ownerReferences: [%s]
                spec: {%s%s}
                """
                        .formatted(
                                UUID.randomUUID(),
                                owner,
                                spec.startsWith("tolerations")
                                        ? ""
                                        : "tolerations: [{operator: Exists}], ",
                                spec),
                Pod.class);
    }

    private static Verdict decide(Policy policy, Pod pod, Pod... others) {
        return new Admission(policy, _ -> List.of())
                .decide(pod, NODE, TakenPods.of(List.of(others)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // spec | reason | part of the message
                "nodeSelector: {zone: a} | | ",
                "nodeSelector: {zone: b} | NodeAffinity | node affinity/selector",
                "nodeSelector: {kubernetes.io/os: windows} | NodeAffinity | node affinity/selector",
                "os: {name: windows} | PodOSNotSupported | OS field",
                "tolerations: [] | TaintToleration | untolerated",
                "containers: [{name: c, resources: {requests: {cpu: 1500m}}}] | | ",
                "containers: [{name: c, resources: {requests: {cpu: 2500m}}}] | OutOfcpu |"
                        + " cpu, requested: 2500, used: 0, capacity: 2000",
                "containers: [{name: c, resources: {limits: {memory: 2Gi}}}] | OutOfmemory |"
                        + " requested: 2147483648",
                "containers: [{name: c, resources: {requests: {example.com/unknown: 1}}}] | | ",
                "containers: [{name: c, resources: {requests: {example.com/gpu: 3}}}] |"
                        + " OutOfexample.com/gpu | requested: 3, used: 0, capacity: 2",
                "securityContext: {supplementalGroupsPolicy: Strict} |"
                        + " SupplementalGroupsPolicyNotSupported | is not supported in this node",
                "hostNetwork: true | UnexpectedAdmissionError | spec.hostNetwork",
                "volumes: [{name: v, hostPath: {path: /}}] | UnexpectedAdmissionError |"
                        + " spec.volumes[0].hostPath",
                "containers: [{name: c, securityContext: {privileged: true}}] |"
                        + " UnexpectedAdmissionError | spec.containers[0].securityContext.privileged",
                "containers: [{name: c, securityContext: {capabilities: {add: [NET_ADMIN]}}}] |"
                        + " UnexpectedAdmissionError | capabilities.add: NET_ADMIN",
                "securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]} | SysctlForbidden |"
                        + " `kernel.msgmax`",
                "securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: '1'}]} | | ",
            })
    void decidesAsAKubelet(String spec, String reason, String message) {
        Verdict verdict = decide(Policy.CLOSED, pod(spec, ""));
        if (reason == null) {
            assertThat(verdict).isEqualTo(new Verdict.Admitted());
        } else {
            assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
            assertThat(((Verdict.Rejected) verdict).reason()).isEqualTo(reason);
            assertThat(((Verdict.Rejected) verdict).message())
                    .contains(message.replace("`kernel.msgmax`", "\"kernel.msgmax\""));
        }
    }

    @Test
    void anOpenPolicyTakesAll() {
        Pod pod = pod("hostNetwork: true, volumes: [{name: v, hostPath: {path: /}}]", "");
        assertThat(decide(Policy.OPEN, pod)).isEqualTo(new Verdict.Admitted());
    }

    @Test
    void onlyADaemonSetsPodThatPolicyRefusesIsHeld() {
        String owner = "{kind: DaemonSet, controller: true, name: d, apiVersion: apps/v1, uid: o}";
        assertThat(decide(Policy.CLOSED, pod("hostNetwork: true", owner)))
                .isInstanceOf(Verdict.Held.class);
        assertThat(decide(Policy.CLOSED, pod("nodeSelector: {zone: b}", owner)))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void countsWhatOthersTake() {
        Pod half = pod("containers: [{name: c, resources: {requests: {cpu: '1'}}}]", "");
        Pod other = pod("containers: [{name: c, resources: {requests: {cpu: '1'}}}]", "");
        Pod more = pod("containers: [{name: c, resources: {requests: {cpu: 1100m}}}]", "");
        assertThat(decide(Policy.CLOSED, half, other)).isEqualTo(new Verdict.Admitted());
        assertThat(((Verdict.Rejected) decide(Policy.CLOSED, more, half)).message())
                .contains("requested: 1100, used: 1000, capacity: 2000");
        assertThat(((Verdict.Rejected) decide(Policy.CLOSED, half, half, other)).reason())
                .isEqualTo("OutOfpods");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # pod's spec | the node's conditions | whether it is taken
                    containers: [{name: c}]                                       | MemoryPressure | false
                    containers: [{name: c, resources: {requests: {cpu: 1m}}}]     | MemoryPressure | true
                    containers: [{name: c, resources: {requests: {cpu: 1m}}}]     | MemoryPressure DiskPressure | false
                    containers: [{name: c, resources: {requests: {cpu: 1m}}}]     | PIDPressure | false
                    priority: 2000000000                                          | DiskPressure | true
                    priority: 1999999999                                          | DiskPressure | false
                    'tolerations: [{key: node.kubernetes.io/memory-pressure, operator: Exists}, {key: k, operator: Exists}]' | MemoryPressure | true
                    'tolerations: [{key: k, operator: Exists}]'                   | MemoryPressure | false
                    """)
    void aShortNodeTakesOnlySome(String spec, String conditions, boolean taken) {
        List<NodeCondition> all =
                java.util.Arrays.stream(conditions.split(" ", -1))
                        .map(type ->
                                new NodeConditionBuilder()
                                        .withType(type)
                                        .withStatus("True")
                                        .build())
                        .toList();
        Node node =
                new NodeBuilder(NODE)
                        .editSpec()
                        .withTaints()
                        .endSpec()
                        .editStatus()
                        .withConditions(all)
                        .endStatus()
                        .build();
        boolean tolerations = spec.startsWith("tolerations");
        Pod pod = pod(tolerations ? spec : "tolerations: [], " + spec, "");

        Verdict verdict =
                new Admission(Policy.CLOSED, _ -> List.of()).decide(pod, node, new TakenPods());

        assertThat(verdict)
                .isEqualTo(
                        taken
                                ? new Verdict.Admitted()
                                : new Verdict.Rejected(
                                        "Evicted",
                                        "The node had condition: [%s]. ".formatted(conditions)));
    }

    @Test
    void hostPortsConflictByAddressAndProtocol() {
        Pod all = pod("containers: [{name: c, ports: [{containerPort: 1, hostPort: 80}]}]", "");
        Pod one =
                pod(
                        "containers: [{name: c, ports: [{containerPort: 1, hostPort: 80, hostIP:"
                                + " 10.0.0.1}]}]",
                        "");
        Pod udp =
                pod(
                        "containers: [{name: c, ports: [{containerPort: 1, hostPort: 80, protocol:"
                                + " UDP}]}]",
                        "");
        assertThat(((Verdict.Rejected) decide(Policy.CLOSED, one, all)).reason())
                .isEqualTo("NodePorts");
        assertThat(decide(Policy.CLOSED, udp, all)).isEqualTo(new Verdict.Admitted());
    }

    @Test
    void initContainersCountAtTheirPeakAndSidecarsStay() {
        Pod pod =
                pod(
                        "overhead: {cpu: 100m}, initContainers: [{name: s, restartPolicy: Always,"
                                + " resources: {requests: {cpu: 200m}}}, {name: i, resources:"
                                + " {requests: {cpu: '1'}}}], containers: [{name: c, resources:"
                                + " {requests: {cpu: 500m}}}]",
                        "");
        assertThat(PodRequests.of(pod.getSpec()).get("cpu")).isEqualByComparingTo("1.3");
    }

    /** 1500m are asked for, of 2 CPUs. */
    @ParameterizedTest
    @CsvSource({"500m, ''", "1500m, OutOfcpu", "'', OutOfcpu"})
    void aPodTakesWhatItsNodeHasAgreedTo(String allocated, String reason) {
        Pod other = pod("containers: [{name: c, resources: {requests: {cpu: 1500m}}}]", "");
        other.setStatus(
                Serialization.unmarshal(
                        """
                        containerStatuses: [{name: c, allocatedResources: {%s}}]
                        """
                                .formatted(allocated.isEmpty() ? "" : "cpu: " + allocated),
                        PodStatus.class));
        Pod pod = pod("containers: [{name: c, resources: {requests: {cpu: 1000m}}}]", "");
        Verdict verdict = decide(Policy.CLOSED, pod, other);
        assertThat(verdict instanceof Verdict.Rejected no ? no.reason() : "").isEqualTo(reason);
    }

    @Test
    void roomComesBackWhenAPodsRequestsShrinkOrWait() {
        Pod asks = pod("containers: [{name: c, resources: {requests: {cpu: 1500m}}}]", "");
        TakenPods taken = TakenPods.of(List.of(asks));
        assertThat(taken.used("cpu")).isEqualByComparingTo("1.5");
        Pod waits = new PodBuilder(asks).build();
        waits.setStatus(
                Serialization.unmarshal(
                        """
                        conditions: [{type: PodResizePending, status: 'True'}]
                        containerStatuses: [{name: c, allocatedResources: {cpu: 500m}}]
                        """,
                        PodStatus.class));
        taken.put(waits);
        assertThat(taken.used("cpu")).isEqualByComparingTo("0.5");
        taken.remove(asks.getMetadata().getUid());
        assertThat(taken.used("cpu")).isEqualByComparingTo("0");
    }
}
