package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentTest {
    private static final String SERVICES_OFF = "enableServiceLinks: false";

    @Test
    void laterWinsAndSeesOnlyWhatCameBefore() {
        PodBundle bundle =
                Bundles.container(
                                """
                                envFrom: [{configMapRef: {name: c}}, {prefix: P_, secretRef: {name: s}}, {configMapRef: {name: d}}],
                                env: [{name: EARLY, value: "$(LATE)"}, {name: LATE, value: "$(FROM_C)-$(P_KEY)"},
                                      {name: FROM_C, value: "own $(FROM_C)"}, {name: TWICE, value: "1"},
                                      {name: TWICE, value: "$(TWICE)2"}, {name: DOLLAR, value: "$$(LATE)"}, {name: NOTHING}]
                                """)
                        .configMap("c", Map.of("FROM_C", "c", "SHARED", "c"))
                        .configMap("d", Map.of("SHARED", "d"))
                        .secret("s", Map.of("KEY", "k"))
                        .build();

        assertThat(variables(bundle))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "FROM_C", "own c",
                                "SHARED", "d",
                                "P_KEY", "k",
                                "EARLY", "$(LATE)",
                                "LATE", "c-k",
                                "TWICE", "12",
                                "DOLLAR", "$(LATE)",
                                "NOTHING", ""));
    }

    @Test
    void declaredOrderIsKept() {
        PodBundle bundle =
                Bundles.container(
                                """
                                envFrom: [{configMapRef: {name: c}}],
                                env: [{name: Z, value: z}, {name: A, value: a}, {name: KEY, value: mine}]
                                """)
                        .configMap("c", Map.of("KEY", "c"))
                        .service(service("db", "shop", "10.0.0.9", "{port: 5432}"))
                        .build();

        assertThat(List.copyOf(variables(bundle).keySet()))
                .startsWith("DB_SERVICE_HOST")
                .endsWith("Z", "A", "KEY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    fieldRef: {fieldPath: metadata.name}                     | web
                    fieldRef: {fieldPath: metadata.namespace}                | shop
                    fieldRef: {fieldPath: metadata.uid}                      | uid-1
                    fieldRef: {fieldPath: "metadata.labels['tier']"}         | front end
                    fieldRef: {fieldPath: "metadata.labels['none']"}         | ''
                    fieldRef: {apiVersion: v1, fieldPath: "metadata.labels['app']"} | web
                    fieldRef: {fieldPath: spec.nodeName}                     | node-1
                    fieldRef: {fieldPath: spec.serviceAccountName}           | robot
                    fieldRef: {fieldPath: status.hostIP}                     | 192.0.2.1
                    fieldRef: {fieldPath: status.hostIPs}                    | 192.0.2.1,2001:db8::1
                    fieldRef: {fieldPath: status.podIP}                      | 10.1.0.5
                    fieldRef: {fieldPath: status.podIPs}                     | 10.1.0.5,fd00::5
                    resourceFieldRef: {resource: limits.cpu}                 | 2
                    resourceFieldRef: {resource: limits.cpu, divisor: 1m}    | 1500
                    resourceFieldRef: {resource: requests.cpu, divisor: 1m}  | 250
                    resourceFieldRef: {resource: limits.memory}              | 7516192768
                    resourceFieldRef: {resource: limits.memory, divisor: 1Mi} | 7168
                    resourceFieldRef: {resource: requests.memory}            | 0
                    resourceFieldRef: {resource: limits.ephemeral-storage, divisor: 1Gi} | 100
                    resourceFieldRef: {resource: limits.hugepages-2Mi}       | 0
                    resourceFieldRef: {containerName: side, resource: limits.memory, divisor: 1Gi} | 2
                    resourceFieldRef: {containerName: side, resource: limits.cpu, divisor: 1m}     | 3900
                    configMapKeyRef: {name: c, key: k}                       | from c
                    secretKeyRef: {name: s, key: k}                          | from s
                    """)
    void valueFrom(String source, String expected) {
        PodBundle bundle =
                Bundles.pod(
                                """
                                serviceAccountName: robot
                                containers:
                                - {name: main, image: app, resources: {limits: {cpu: 1500m}, requests: {cpu: 250m}},
                                   env: [{name: X, valueFrom: {%s}}]}
                                - {name: side, image: app, resources: {limits: {memory: 1100Mi}}}
                                """
                                        .formatted(source))
                        .configMap("c", Map.of("k", "from c"))
                        .secret("s", Map.of("k", "from s"))
                        .build();

        assertThat(variables(bundle)).containsEntry("X", expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    env: [{name: X, valueFrom: {configMapKeyRef: {name: no, key: k}}}] | configmap "no" not found
                    env: [{name: X, valueFrom: {configMapKeyRef: {name: c, key: no}}}] | couldn't find key no in ConfigMap shop/c
                    env: [{name: X, valueFrom: {secretKeyRef: {name: no, key: k}}}]    | secret "no" not found
                    env: [{name: X, valueFrom: {secretKeyRef: {name: s, key: no}}}]    | couldn't find key no in Secret shop/s
                    env: [{name: X, valueFrom: {secretKeyRef: {name: s, key: nul}}}]   | env X: the value has a NUL byte
                    env: [{name: X, valueFrom: {configMapKeyRef: {name: forbidden, key: k, optional: true}}}] | configmaps "forbidden" is forbidden
                    envFrom: [{configMapRef: {name: no}}]                              | configmap "no" not found
                    envFrom: [{secretRef: {name: no}}]                                 | secret "no" not found
                    env: [{name: X, valueFrom: {fieldRef: {fieldPath: metadata.labels}}}] | field label not supported: metadata.labels
                    env: [{name: X, valueFrom: {fieldRef: {fieldPath: spec.hostname}}}] | field label not supported: spec.hostname
                    env: [{name: X, valueFrom: {fieldRef: {apiVersion: v2, fieldPath: metadata.name}}}] | unsupported pod version: v2
                    env: [{name: X, valueFrom: {resourceFieldRef: {resource: limits.gpu}}}] | Unsupported container resource : limits.gpu
                    env: [{name: X, valueFrom: {resourceFieldRef: {resource: cpu}}}]   | Unsupported container resource : cpu
                    env: [{name: X, valueFrom: {resourceFieldRef: {containerName: no, resource: limits.cpu}}}] | container no not found
                    """)
    void refuses(String fields, String message) {
        PodBundle bundle =
                Bundles.container(fields)
                        .configMap("c", Map.of("k", "v"))
                        .configMap(
                                "forbidden",
                                new Reference.Unreadable<>("configmaps \"forbidden\" is forbidden"))
                        .secret("s", Map.of("k", "v", "nul", "a\0b"))
                        .build();

        assertThatThrownBy(() -> variables(bundle))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.reason()).isEqualTo("CreateContainerConfigError"))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    env: [{name: X, valueFrom: {configMapKeyRef: {name: no, key: k, optional: true}}}]
                    env: [{name: X, valueFrom: {configMapKeyRef: {name: c, key: no, optional: true}}}]
                    env: [{name: X, valueFrom: {secretKeyRef: {name: no, key: k, optional: true}}}]
                    env: [{name: X, valueFrom: {secretKeyRef: {name: s, key: no, optional: true}}}]
                    envFrom: [{configMapRef: {name: no, optional: true}}, {secretRef: {name: no, optional: true}}]
                    """)
    void leavesOutWhatIsOptional(String fields) {
        PodBundle bundle =
                Bundles.container(fields)
                        .configMap("c", Map.of("k", "v"))
                        .secret("s", Map.of("k", "v"))
                        .build();

        assertThat(variables(bundle)).isEmpty();
    }

    @Test
    void namesAreAnythingPrintableButEquals() {
        PodBundle bundle =
                Bundles.container("envFrom: [{configMapRef: {name: c}}]")
                        .configMap("c", Map.of("a.b-c", "1", "1st", "2", "a=b", "3", "ü", "4"))
                        .build();

        assertThat(variables(bundle)).containsOnlyKeys("a.b-c", "1st");
    }

    @Test
    void aPodOnTheHostsNetworkHasTheNodesAddresses() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                hostNetwork: true
                                containers: [{name: main, image: app,
                                  env: [{name: X, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]}]
                                """)
                        .build();

        assertThat(
                        Environment.of(
                                bundle,
                                main(bundle),
                                List.of(),
                                EnvFiles.NONE,
                                TranslationSettings.DEFAULT))
                .containsEntry("X", "192.0.2.1");
    }

    @Test
    void servicesInBothForms() {
        PodBundle bundle =
                Bundles.container("env: []")
                        .service(
                                service(
                                        "my-db",
                                        "shop",
                                        "10.0.0.9",
                                        "{name: pg-main, port: 5432}, {name: mon, port: 9, protocol: UDP}"))
                        .build();

        assertThat(variables(bundle))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("MY_DB_SERVICE_HOST", "10.0.0.9"),
                                Map.entry("MY_DB_SERVICE_PORT", "5432"),
                                Map.entry("MY_DB_SERVICE_PORT_PG_MAIN", "5432"),
                                Map.entry("MY_DB_SERVICE_PORT_MON", "9"),
                                Map.entry("MY_DB_PORT", "tcp://10.0.0.9:5432"),
                                Map.entry("MY_DB_PORT_5432_TCP", "tcp://10.0.0.9:5432"),
                                Map.entry("MY_DB_PORT_5432_TCP_PROTO", "tcp"),
                                Map.entry("MY_DB_PORT_5432_TCP_PORT", "5432"),
                                Map.entry("MY_DB_PORT_5432_TCP_ADDR", "10.0.0.9"),
                                Map.entry("MY_DB_PORT_9_UDP", "udp://10.0.0.9:9"),
                                Map.entry("MY_DB_PORT_9_UDP_PROTO", "udp"),
                                Map.entry("MY_DB_PORT_9_UDP_PORT", "9"),
                                Map.entry("MY_DB_PORT_9_UDP_ADDR", "10.0.0.9")));
    }

    @Test
    void withoutServiceLinksOnlyTheApiServer() {
        PodBundle bundle =
                Bundles.pod(SERVICES_OFF + "\ncontainers: [{name: main, image: app}]")
                        .service(service("db", "shop", "10.0.0.9", "{port: 5432}"))
                        .service(
                                service(
                                        "kubernetes",
                                        "default",
                                        "10.0.0.1",
                                        "{name: https, port: 443}"))
                        .build();

        assertThat(variables(bundle))
                .containsEntry("KUBERNETES_SERVICE_HOST", "10.0.0.1")
                .containsEntry("KUBERNETES_SERVICE_PORT_HTTPS", "443")
                .doesNotContainKey("DB_SERVICE_HOST");
    }

    @Test
    void headlessAndForeignServicesAreNone() {
        PodBundle bundle =
                Bundles.container("env: []")
                        .service(service("a", "shop", "None", "{port: 1}"))
                        .service(service("b", "other", "10.0.0.9", "{port: 1}"))
                        .build();

        assertThat(variables(bundle)).isEmpty();
    }

    @Test
    void theApiServersAddressMayBeSet() {
        PodBundle bundle =
                Bundles.container("env: [{name: URL, value: $(KUBERNETES_PORT)}]")
                        .service(
                                service(
                                        "kubernetes",
                                        "default",
                                        "10.0.0.1",
                                        "{name: https, port: 443}"))
                        .build();
        TranslationSettings settings =
                TranslationSettings.DEFAULT.withApiServer("2001:db8::7", 6443);

        assertThat(Environment.of(bundle, main(bundle), List.of(), EnvFiles.NONE, settings))
                .containsEntry("KUBERNETES_SERVICE_HOST", "2001:db8::7")
                .containsEntry("KUBERNETES_SERVICE_PORT", "6443")
                .containsEntry("URL", "tcp://[2001:db8::7]:6443");
    }

    @Test
    void aContainersOwnVariableBeatsTheServices() {
        PodBundle bundle =
                Bundles.container("env: [{name: DB_SERVICE_HOST, value: mine}]")
                        .service(service("db", "shop", "10.0.0.9", "{port: 1}"))
                        .build();

        assertThat(variables(bundle)).containsEntry("DB_SERVICE_HOST", "mine");
    }

    private static String service(String name, String namespace, String ip, String ports) {
        return "{metadata: {name: %s, namespace: %s}, spec: {clusterIP: \"%s\", ports: [%s]}}"
                .formatted(name, namespace, ip, ports);
    }

    private static Map<String, String> variables(PodBundle bundle) {
        return Environment.of(
                bundle,
                main(bundle),
                List.of("10.1.0.5", "fd00::5"),
                EnvFiles.NONE,
                TranslationSettings.DEFAULT);
    }

    private static io.fabric8.kubernetes.api.model.Container main(PodBundle bundle) {
        return bundle.pod().getSpec().getContainers().getFirst();
    }
}
