package dev.burstlet.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Filter;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.RegistryImages;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.Reference;
import dev.burstlet.testing.PrivateRegistry;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that only a login gets, from a real registry through a real engine. */
class PullSecretsIT {
    private static final Owner OWNER = new Owner(UUID.randomUUID().toString(), "it-pull-secrets");
    private static final NodeContext NODE =
            new NodeContext(
                    "it-pull-secrets",
                    List.of("127.0.0.1"),
                    Map.of(),
                    new NodeContext.ClusterDns(List.of(), "cluster.local"));
    private static final String APP = "team/app:1";

    private static @TempDir Path directory;
    private static EngineClient client;
    private static PrivateRegistry registry;
    private static PodEngine pods;
    private static final Heard HEARD = new Heard();

    @BeforeAll
    static void open() {
        DockerImages.load();
        client = new EngineClient(DockerImages.settings());
        registry = PrivateRegistry.start(directory);
        new RegistryImages(registry).take(client, DockerImages.BUSYBOX, APP);
        String subnet =
                "10.%d.%d.0/24"
                        .formatted(
                                ThreadLocalRandom.current().nextInt(100, 200),
                                ThreadLocalRandom.current().nextInt(256));
        pods =
                new PodEngine(
                        new DockerEngine(DockerImages.settings(), InstantSource.system()),
                        new PodEngineSettings(OWNER)
                                .withNetwork(new NetworkSpec(OWNER, subnet, null)),
                        InstantSource.system());
        pods.listen(HEARD);
    }

    @AfterAll
    static void clear() {
        pods.getPods().forEach(pod -> pods.deletePod(pod.key(), new Deletion(0, "")));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> pods.getPods().isEmpty());
        pods.close();
        new RegistryImages(registry).remove(client, APP);
        registry.close();
        client.call(Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(OWNER)));
        client.close();
        try (DockerEngine engine =
                new DockerEngine(DockerImages.settings(), InstantSource.system())) {
            assertThat(engine.listContainers(Filter.all(OWNER))).isEmpty();
        }
    }

    @Test
    void onlyTheRightLoginGetsAnImageAndOnlyItsPodsUseIt() {
        String host = registry.address();

        assertThat(refused(pod("none"), Map.of())).contains(host + "/team/app");
        assertThat(refused(pod("wrong"), Map.of("login", login(host, "wrong"))))
                .contains("unauthorized");
        assertThat(refused(pod("elsewhere"), Map.of("login", login(host + "/other", "secret"))))
                .contains("no basic auth");

        Pod first = pod("right");
        Map<String, Secret> both = new LinkedHashMap<>();
        both.put("other-team", login(host, "wrong"));
        both.put("login", login(host + "/team", "secret"));
        create(first, both);
        running(first);

        assertThat(refused(pod("later-none"), Map.of())).contains("no basic auth");
        Pod later = pod("later-right");
        create(later, Map.of("login", login(host + "/team", "secret")));
        running(later);
        assertThat(HEARD.events)
                .anyMatch(event ->
                        event.key().name().equals("later-right")
                                && event.message().contains("already present on machine"));
    }

    @Test
    void secretThatIsNotThereIsNamed() {
        Pod pod = pod("missing");
        pods.createPod(bundle(pod, Map.of("no-such-secret", new Reference.Missing<>())));

        waiting(pod, "ImagePullBackOff");
        assertThat(HEARD.events)
                .anyMatch(event ->
                        event.reason().equals("FailedToRetrieveImagePullSecret")
                                && event.message().contains("(no-such-secret)"));
    }

    /** The message of ErrImagePull, which is followed by ImagePullBackOff. */
    private static String refused(Pod pod, Map<String, Secret> secrets) {
        create(pod, secrets);
        String message = waiting(pod, "ErrImagePull").getMessage();
        assertThat(waiting(pod, "ImagePullBackOff").getMessage())
                .startsWith("Back-off pulling image \"" + registry.address() + "/" + APP + "\"");
        return message;
    }

    private static void create(Pod pod, Map<String, Secret> secrets) {
        Map<String, Reference<Secret>> references = new LinkedHashMap<>();
        secrets.forEach((name, secret) -> references.put(name, new Reference.Present<>(secret)));
        pods.createPod(bundle(pod, references));
    }

    private static PodBundle bundle(Pod pod, Map<String, Reference<Secret>> pullSecrets) {
        return new PodBundle(
                1,
                pod,
                Map.of(),
                Map.of(),
                pullSecrets,
                Map.of(),
                List.of(),
                Map.of(),
                Map.of(),
                NODE);
    }

    private static void running(Pod pod) {
        HEARD.await(pod, report -> "Running".equals(report.status().getPhase()));
    }

    private static ContainerStateWaiting waiting(Pod pod, String reason) {
        return status(
                        HEARD.await(
                                pod,
                                report ->
                                        !report.status().getContainerStatuses().isEmpty()
                                                && status(report).getState().getWaiting() != null
                                                && reason.equals(
                                                        status(report)
                                                                .getState()
                                                                .getWaiting()
                                                                .getReason())))
                .getState()
                .getWaiting();
    }

    private static ContainerStatus status(PodReport report) {
        return report.status().getContainerStatuses().getFirst();
    }

    private static Pod pod(String name) {
        return Serialization.unmarshal(
                """
                metadata: {namespace: it, name: %s, uid: %s}
                spec:
                  restartPolicy: Always
                  terminationGracePeriodSeconds: 0
                  dnsPolicy: Default
                  containers:
                    - name: main
                      image: %s/%s
                      imagePullPolicy: IfNotPresent
                      command: [sleep, "3600"]
                """
                        .formatted(name, UUID.randomUUID(), registry.address(), APP),
                Pod.class);
    }

    private static Secret login(String server, String password) {
        String config =
                "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
                        .formatted(server, PrivateRegistry.USER, password);
        return new SecretBuilder()
                .withType("kubernetes.io/dockerconfigjson")
                .addToData(
                        ".dockerconfigjson",
                        Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    /** All that the engine tells. */
    private static final class Heard implements PodListener {
        private final List<PodReport> reports = new CopyOnWriteArrayList<>();
        private final List<PodEvent> events = new CopyOnWriteArrayList<>();

        PodReport await(Pod pod, Predicate<PodReport> is) {
            PodKey key = PodKey.of(pod);
            return Awaitility.await("pod " + key.name())
                    .atMost(Duration.ofMinutes(1))
                    .until(
                            () ->
                                    reports.stream()
                                            .filter(r -> r.key().equals(key) && is.test(r))
                                            .findFirst(),
                            java.util.Optional::isPresent)
                    .orElseThrow();
        }

        @Override
        public void podReported(PodReport report) {
            reports.add(report);
        }

        @Override
        public void podEvent(PodEvent event) {
            events.add(event);
        }

        @Override
        public void hostChanged(HostDescription host) {}
    }
}
