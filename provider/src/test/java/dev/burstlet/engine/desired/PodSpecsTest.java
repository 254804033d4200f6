package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.pod.Yaml;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodSpecsTest {
    private static final String SPEC =
            """
            restartPolicy: %s
            initContainers: [{name: once}, {name: side, restartPolicy: Always}, {name: try, restartPolicy: Never}]
            containers: [{name: main}, {name: own, restartPolicy: OnFailure}]
            ephemeralContainers: [{name: debug, targetContainerName: main}]
            """;

    @ParameterizedTest
    @CsvSource({
        "Always,    OnFailure, Always, Never, Always,    OnFailure, Never",
        "OnFailure, OnFailure, Always, Never, OnFailure, OnFailure, Never",
        "Never,     Never,     Always, Never, Never,     OnFailure, Never"
    })
    void restartPolicies(
            String pod,
            String once,
            String side,
            String attempt,
            String main,
            String own,
            String debug) {
        PodSpec spec = Yaml.read(SPEC.formatted(pod), PodSpec.class);

        assertThat(PodSpecs.members(spec))
                .extracting(PodSpecs.Member::restartPolicy)
                .containsExactly(once, side, attempt, main, own, debug);
    }

    @Test
    void membersInOrderWithTheirKinds() {
        PodSpec spec = Yaml.read(SPEC.formatted("Always"), PodSpec.class);

        assertThat(PodSpecs.members(spec))
                .extracting(m -> m.name() + " " + m.kind() + " " + m.sidecar())
                .containsExactly(
                        "once INIT false",
                        "side INIT true",
                        "try INIT false",
                        "main APP false",
                        "own APP false",
                        "debug EPHEMERAL false");
        assertThat(PodSpecs.members(spec, ContainerKind.APP)).hasSize(2);
        assertThat(PodSpecs.find(spec, "debug").orElseThrow().targetContainerName())
                .isEqualTo("main");
        assertThat(PodSpecs.find(spec, "none")).isEmpty();
    }

    @Test
    void ports() {
        Container container =
                Yaml.read(
                        "ports: [{name: http, containerPort: 8080}, {containerPort: 9}]",
                        Container.class);

        assertThat(PodSpecs.port(container, new IntOrString(81))).hasValue(81);
        assertThat(PodSpecs.port(container, new IntOrString("http"))).hasValue(8080);
        assertThat(PodSpecs.port(container, new IntOrString("8081"))).hasValue(8081);
        assertThat(PodSpecs.port(container, new IntOrString("none")))
                .isEqualTo(OptionalInt.empty());
        assertThat(PodSpecs.port(container, null)).isEqualTo(OptionalInt.empty());
    }

    @Test
    void defaults() {
        PodSpec spec = Yaml.read("containers: [{name: a}]", PodSpec.class);
        Container container = spec.getContainers().getFirst();

        assertThat(PodSpecs.gracePeriodSeconds(spec)).isEqualTo(30);
        assertThat(PodSpecs.terminationMessagePath(container)).isEqualTo("/dev/termination-log");
        assertThat(PodSpecs.terminationMessagePolicy(container)).isEqualTo("File");
        assertThat(PodSpecs.hasPreStop(container)).isFalse();
    }

    @Test
    void anEphemeralContainerKeepsEveryField() {
        EphemeralContainer ephemeral =
                Yaml.read(
                        """
                        name: debug
                        image: tools
                        imagePullPolicy: Always
                        command: [sh]
                        args: [-c]
                        workingDir: /w
                        ports: [{containerPort: 1}]
                        env: [{name: A, value: a}]
                        envFrom: [{configMapRef: {name: c}}]
                        resources: {limits: {cpu: 1}}
                        volumeMounts: [{name: v, mountPath: /v}]
                        volumeDevices: [{name: d, devicePath: /d}]
                        lifecycle: {stopSignal: SIGINT}
                        livenessProbe: {periodSeconds: 1}
                        readinessProbe: {periodSeconds: 2}
                        startupProbe: {periodSeconds: 3}
                        resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]
                        restartPolicy: Never
                        restartPolicyRules: [{action: Restart}]
                        securityContext: {runAsUser: 1}
                        stdin: true
                        stdinOnce: true
                        tty: true
                        terminationMessagePath: /t
                        terminationMessagePolicy: File
                        """,
                        EphemeralContainer.class);
        Container container = PodSpecs.asContainer(ephemeral);

        assertThat(Arrays.stream(Container.class.getMethods()).filter(PodSpecsTest::getter))
                .hasSize(25)
                .allSatisfy(getter -> {
                    Object theirs =
                            EphemeralContainer.class.getMethod(getter.getName()).invoke(ephemeral);
                    assertThat(theirs).isNotNull();
                    assertThat(getter.invoke(container)).isEqualTo(theirs);
                });
    }

    @Test
    void theHashIsOfNameAndImage() {
        String hash = hash("{name: a, image: x:1, command: [b]}");

        assertThat(hash("{name: a, image: x:1, env: [{name: C}]}")).isEqualTo(hash).hasSize(16);
        assertThat(hash("{name: a, image: x:2}")).isNotEqualTo(hash);
        assertThat(hash("{name: b, image: x:1}")).isNotEqualTo(hash);
    }

    private static String hash(String container) {
        return PodTranslator.hash(Yaml.read(container, Container.class));
    }

    private static boolean getter(Method method) {
        return method.getName().startsWith("get")
                && method.getParameterCount() == 0
                && method.getDeclaringClass() == Container.class
                && !method.getName().equals("getAdditionalProperties");
    }
}
