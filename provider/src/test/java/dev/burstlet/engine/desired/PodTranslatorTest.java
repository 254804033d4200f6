package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.Publication;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.container.SandboxSpec.Namespaces;
import dev.burstlet.container.SandboxSpec.PortMapping;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodTranslatorTest {
    @Test
    void aContainer() {
        PodBundle bundle =
                Bundles.container(
                                """
                                command: [run, $(NAME)], args: [--to=$(NONE), $$(NAME)],
                                env: [{name: NAME, value: x}], workingDir: /w, stdin: true, tty: true,
                                terminationMessagePolicy: FallbackToLogsOnError,
                                lifecycle: {stopSignal: SIGINT, preStop: {sleep: {seconds: 1}}}
                                """)
                        .build();

        ContainerSpec spec =
                Bundles.translator().container(bundle, Bundles.context(bundle, "main", "10.1.0.5"));

        assertThat(spec.command()).containsExactly("run", "x");
        assertThat(spec.args()).containsExactly("--to=$(NONE)", "$(NAME)");
        assertThat(spec.env()).containsExactly(new ContainerSpec.EnvVar("NAME", "x"));
        assertThat(spec.workingDir()).isEqualTo("/w");
        assertThat(spec.stdin()).isTrue();
        assertThat(spec.stdinOnce()).isFalse();
        assertThat(spec.tty()).isTrue();
        assertThat(spec.stopSignal()).isEqualTo("SIGINT");
        assertThat(spec.image()).isEqualTo("app");
        assertThat(spec.imageId()).isEqualTo("sha256:1");
        assertThat(spec.kind()).isEqualTo(ContainerKind.APP);
        assertThat(spec.labels())
                .hasEntrySatisfying(
                        "dev.burstlet.orphan", json -> assertThat(json).contains("preStop"))
                .containsEntry("dev.burstlet.grace-period", "30")
                .containsEntry("dev.burstlet.attempt", "2")
                .containsEntry("dev.burstlet.termination-message-path", "/dev/termination-log")
                .containsEntry("dev.burstlet.termination-message-policy", "FallbackToLogsOnError")
                .containsEntry("io.kubernetes.container.name", "main");
        assertThat(spec.toString()).doesNotContain("value=x");
    }

    @Test
    void everyKindOfContainerIsFound() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                initContainers: [{name: init, image: a}]
                                containers: [{name: main, image: a}]
                                ephemeralContainers: [{name: debug, image: a, targetContainerName: main}]
                                """)
                        .build();

        assertThat(kind(bundle, "init")).isEqualTo(ContainerKind.INIT);
        assertThat(kind(bundle, "debug")).isEqualTo(ContainerKind.EPHEMERAL);
        assertThatThrownBy(() -> kind(bundle, "none")).hasMessage("container none not found");
    }

    @Test
    void extendedResourcesAreToldToTheEngineThatHasThem() {
        PodBundle bundle = Bundles.container("resources: {limits: {nvidia.com/gpu: 2}}").build();
        TranslationSettings settings =
                new TranslationSettings(
                        null, 0, false, Map.of(), Set.of("nvidia.com/gpu"), Map.of(), "");
        PodTranslator translator = new PodTranslator(Bundles.OWNER, Bundles.engine(), settings);

        assertThat(translator.container(bundle, Bundles.context(bundle, "main")).annotations())
                .containsExactly(Map.entry("dev.burstlet.resource.nvidia.com/gpu", "2"));
        assertThat(
                        Bundles.translator()
                                .container(bundle, Bundles.context(bundle, "main"))
                                .annotations())
                .isEmpty();
    }

    @Test
    void aSandbox() {
        PodBundle bundle =
                Bundles.pod(
                                """
                                hostname: box
                                shareProcessNamespace: true
                                runtimeClassName: vm
                                securityContext: {sysctls: [{name: net.core.somaxconn, value: "9"}, {name: kernel/shm_rmid_forced, value: "1"}]}
                                initContainers: [{name: i, ports: [{containerPort: 1, hostPort: 1}]},
                                  {name: s, restartPolicy: Always, ports: [{containerPort: 2, hostPort: 2}]}]
                                containers: [{name: a, ports: [{containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1, protocol: UDP}, {containerPort: 81}]}]
                                """)
                        .runtimeHandler("kata")
                        .annotation("io.katacontainers.config", "x")
                        .annotation("kubectl.kubernetes.io/last-applied-configuration", "secret")
                        .build();

        SandboxSpec sandbox = Bundles.translator().sandbox(bundle, 3);

        assertThat(sandbox.hostname()).isEqualTo("box");
        assertThat(sandbox.attempt()).isEqualTo(3);
        assertThat(sandbox.ports())
                .containsExactly(
                        new PortMapping("TCP", 2, 2, ""),
                        new PortMapping("UDP", 80, 8080, "127.0.0.1"));
        assertThat(sandbox.namespaces())
                .isEqualTo(new Namespaces(false, false, false, true, false));
        assertThat(sandbox.sysctls())
                .containsOnly(
                        Map.entry("net.core.somaxconn", "9"),
                        Map.entry("kernel.shm_rmid_forced", "1"));
        assertThat(sandbox.runtimeHandler()).isEqualTo("kata");
        assertThat(sandbox.annotations()).containsOnlyKeys("io.katacontainers.config", "note");
        assertThat(sandbox.labels()).containsEntry("dev.burstlet.kind", "sandbox");
        assertThat(sandbox.volumes()).hasSize(1);
        assertThat(sandbox.dns().servers()).containsExactly("10.96.0.10");
    }

    @Test
    void onTheHostsNetworkNoNameAndNoMappings() {
        PodBundle bundle =
                Bundles.pod(
                                "{hostNetwork: true, hostPID: true, hostIPC: true, shareProcessNamespace: true, containers: [{name: a, ports: [{containerPort: 80, hostPort: 80}]}]}")
                        .build();

        SandboxSpec sandbox = Bundles.translator().sandbox(bundle, 0);

        assertThat(sandbox.hostname()).isNull();
        assertThat(sandbox.ports()).isEmpty();
        assertThat(sandbox.namespaces()).isEqualTo(new Namespaces(true, true, true, false, false));
        assertThat(sandbox.dns()).isEqualTo(Dns.HOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    hostNetwork: true            | spec.hostNetwork is not supported by this host's engine
                    hostPID: true                | spec.hostPID is not supported by this host's engine
                    hostIPC: true                | spec.hostIPC is not supported by this host's engine
                    shareProcessNamespace: true  | spec.shareProcessNamespace is not supported by this host's engine
                    hostUsers: false             | spec.hostUsers: false is not supported by this host's engine
                    containers: [{name: a, ports: [{containerPort: 1, hostPort: 1}]}] | ports.hostPort is not supported by this host's engine
                    runtimeClassName: vm         | failed to get sandbox runtime: runtimeclass.node.k8s.io "vm" not found
                    os: {name: windows}          | spec.os.name: Windows containers are not supported
                    """)
    void whatTheEngineCannotDoIsRefused(String spec, String message) {
        PodTranslator poor =
                new PodTranslator(
                        Bundles.OWNER,
                        Bundles.engine(Set.<EngineInfo.Feature>of()),
                        TranslationSettings.DEFAULT);
        PodBundle bundle = Bundles.pod(spec).build();

        assertThatThrownBy(() -> poor.sandbox(bundle, 0))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.reason()).isEqualTo("FailedCreatePodSandBox"))
                .hasMessage(message);
    }

    @Test
    void anUnknownHandlerIsRefused() {
        PodBundle bundle =
                Bundles.pod("runtimeClassName: vm").runtimeHandler("firecracker").build();

        assertThatThrownBy(() -> Bundles.translator().sandbox(bundle, 0))
                .hasMessage(
                        "failed to get sandbox runtime: no runtime for \"firecracker\" is configured");
    }

    @Test
    void terminationLogs() {
        Publication log = Bundles.translator().terminationLog("main", 4);

        assertThat(log.volume()).isEqualTo("_system");
        assertThat(log.atomic()).isFalse();
        assertThat(log.files().getFirst().path())
                .isEqualTo(PodTranslator.terminationLogPath("main", 4))
                .isEqualTo("termination-log/main/4");
        assertThat(log.files().getFirst().mode()).isEqualTo(0666);
        assertThat(log.files().getFirst().content().length()).isZero();
    }

    @Test
    void theSameBundleGivesTheSameAnswer() {
        PodBundle bundle =
                Bundles.pod(
                                "{volumes: [{name: v, emptyDir: {}}], containers: [{name: main, image: app, volumeMounts: [{name: v, mountPath: /v}]}]}")
                        .build();
        ContainerContext context = Bundles.context(bundle, "main", "10.1.0.5");

        assertThat(Bundles.translator().container(bundle, context))
                .isEqualTo(Bundles.translator().container(bundle, context));
        assertThat(Bundles.translator().publications(bundle, List.of("10.1.0.5")))
                .isEqualTo(Bundles.translator().publications(bundle, List.of("10.1.0.5")));
    }

    private static ContainerKind kind(PodBundle bundle, String container) {
        return Bundles.translator().container(bundle, Bundles.context(bundle, container)).kind();
    }
}
