package dev.burstlet.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
    private static final String ONE_NODE =
            "nodes: [{name: n1, docker: {endpoint: 'unix:///var/run/docker.sock'}}]";

    @Test
    void everyDefaultIsWhatTheKeysSay() {
        Configuration configuration = ConfigurationReader.parse(ONE_NODE);
        assertThat(configuration.cluster())
                .isEqualTo(
                        new Cluster(
                                null,
                                Cluster.Identity.SERVICE_ACCOUNT,
                                null,
                                List.of(),
                                "cluster.local"));
        assertThat(configuration.kubelet())
                .isEqualTo(new KubeletApi(KubeletApi.Serving.CSR, null, null, null));
        assertThat(configuration.policy())
                .isEqualTo(new Policy(false, false, false, false, List.of(), List.of(), List.of()));
        assertThat(configuration.management()).isNull();
        Node node = configuration.nodes().getFirst();
        assertThat(node.docker())
                .isEqualTo(new Docker("unix:///var/run/docker.sock", null, false, 16, 30, true));
        assertThat(node.listen()).isEqualTo("0.0.0.0:10250");
        assertThat(node.pods()).isEqualTo(110);
        assertThat(node.taints()).containsExactly("virtual-kubelet.io/provider=docker:NoSchedule");
        assertThat(node.labels()).isEmpty();
        assertThat(node.capacity()).isEmpty();
        assertThat(node.reserve()).isEmpty();
        assertThat(node.podPidsLimit()).isEqualTo(-1);
        assertThat(node.seccompProfiles()).isNull();
    }

    @Test
    void everyKeyIsRead() {
        Configuration configuration =
                ConfigurationReader.parse(
                        """
                        cluster:
                          kubeconfig: /k
                          identity: service-account
                          apiServerForPods: 10.0.0.1:6443
                          dnsServers: [10.96.0.10]
                          dnsDomain: example.org
                        kubelet: {serving: files, certificate: /c, key: /y, clientCa: /ca}
                        policy: {privileged: true, hostNetwork: true, hostPid: true, hostIpc: true, hostPaths: [/],
                          addCapabilities: [ALL], unsafeSysctls: [net.*]}
                        management: 127.0.0.1:10248
                        nodes:
                        - name: a
                          docker: {endpoint: 'tcp://h:2376', tls: {ca: /1, certificate: /2, key: /3}, parallelism: 4,
                            timeoutSeconds: 9}
                          listen: 127.0.0.1:0
                          address: 127.0.0.1
                          labels: {x: y}
                          annotations: {p: q}
                          region: r
                          zone: z
                          taints: []
                          pods: 7
                          capacity: {cpu: '2', example.com/gpu: '1'}
                          reserve: {memory: 1Gi}
                          podSubnet: 10.9.0.0/24
                          policy: {privileged: false}
                          podPidsLimit: 100
                          seccompProfiles: /s
                        - {name: b, cri: {endpoint: 'unix:///c.sock', runtimeHandler: kata, root: /r}}
                        - {name: c, memory: {cpus: 1, memoryGib: 2}}
                        """);
        Node node = configuration.nodes().getFirst();
        assertThat(configuration.cluster().identity()).isEqualTo(Cluster.Identity.SERVICE_ACCOUNT);
        assertThat(node.taints()).isEmpty();
        assertThat(node.capacity()).containsEntry("cpu", new Quantity("2"));
        assertThat(node.reserve()).isEqualTo(Map.of("memory", new Quantity("1Gi")));
        assertThat(node.podPidsLimit()).isEqualTo(100);
        assertThat(node.seccompProfiles()).isEqualTo("/s");
        assertThat(configuration.nodes().get(1).cri())
                .isEqualTo(new Cri("unix:///c.sock", "kata", "/r", 16, 120));
        assertThat(configuration.nodes().get(2).memory()).isEqualTo(new Memory(1, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nodes: [] | at least one node",
                "nodes: [{name: n, memory: {}, dockr: 1}] | nodes[0].dockr: unknown key; known here are address, agent, annotations",
                "nodes: [{name: n, docker: {endpoint: x}}] | nodes[0].docker: endpoint: 'x' is neither unix:///PATH nor tcp",
                "nodes: [{name: n, docker: {endpoint: 'tcp://h:2375'}}] | or insecure: true",
                "nodes: [{name: n}] | give exactly one of docker, cri, agent, memory",
                "nodes: [{name: N_, memory: {}}] | is no node name",
                "nodes: [{name: n, memory: {}, pods: many}] | nodes[0].pods: Cannot coerce String value (\"many\") to `java.lang.Integer` value (line 1)",
                "nodes: [{name: n, memory: {}, reserve: {memory: much}}] | nodes[0].reserve.memory: 'much' is not of type quantity",
                "nodes: [{name: n, memory: {}, taints: [x]}] | is not KEY=VALUE:EFFECT",
                "nodes: [{name: n, memory: {}}, {name: n, memory: {}}] | two nodes are named n",
                "'kubelet: {serving: magic}' | kubelet.serving: 'magic' is not one of csr, files, self-signed",
                "nodes: [{name: n, memory: {}, listen: here}] | is not HOST:PORT",
            })
    void whatIsWrongIsNamed(String yaml, String message) {
        assertThatThrownBy(() -> ConfigurationReader.parse(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void quantitiesAreReadInEveryYamlStyle() {
        Node node =
                ConfigurationReader.parse(
                                """
                                nodes:
                                  - name: n
                                    memory: {}
                                    capacity:
                                      example.com/widget: 3
                                    reserve:
                                      memory: 64Mi
                                      cpu: "1.5"
                                """)
                        .nodes()
                        .getFirst();
        assertThat(node.capacity()).isEqualTo(Map.of("example.com/widget", new Quantity("3")));
        assertThat(node.reserve())
                .isEqualTo(Map.of("memory", new Quantity("64Mi"), "cpu", new Quantity("1.5")));
    }

    @Test
    void everyKeyHasAMeaning() {
        assertThat(Keys.all())
                .hasSizeGreaterThan(40)
                .allSatisfy(entry -> assertThat(entry.meaning()).as(entry.path()).isNotEmpty());
    }
}
