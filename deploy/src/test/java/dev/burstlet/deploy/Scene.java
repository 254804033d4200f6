package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A namespace of one test's own, its pods on one node; it goes with all in it when closed. */
final class Scene implements AutoCloseable {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(250);

    private final World world;
    private final KubernetesClient client;
    private final String node;
    private final Docker docker;
    private final String name =
            "it-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet();

    Scene(World world, String node, Docker docker) {
        this.world = world;
        this.client = world.client();
        this.node = node;
        this.docker = docker;
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
        eventually(() ->
                assertThat(client.serviceAccounts().inNamespace(name).withName("default").get())
                        .isNotNull());
    }

    String namespace() {
        return name;
    }

    /**
     * Creates what a document describes. {@code $IMAGE} is the example image, {@code $NODE} the
     * node's name.
     */
    HasMetadata create(String yaml) {
        String text = yaml.replace("$IMAGE", Docker.IMAGE).replace("$NODE", node);
        HasMetadata object = SERIALIZATION.unmarshal(text);
        object.getMetadata().setNamespace(name);
        return client.resource(object).create();
    }

    /** Creates what is in no namespace; who does removes it. */
    void createForAll(String yaml) {
        HasMetadata object = SERIALIZATION.unmarshal(yaml);
        client.resource(object).create();
    }

    /** A pod bound to the node, of one container {@code main} that runs a script of sh. */
    Pod shell(String pod, String script) {
        return (Pod) create(shellPod(pod, script, ""));
    }

    /** The same, with further lines of the pod's spec, indented by two. */
    static String shellPod(String pod, String script, String spec) {
        return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
        spec:
          nodeName: $NODE
          terminationGracePeriodSeconds: 2
        %s
          containers:
            - name: main
              image: $IMAGE
              command: [sh, -c]
              args:
                - |
        %s
        """
                .formatted(pod, spec.stripTrailing(), script.strip().indent(18).stripTrailing());
    }

    Pod pod(String pod) {
        Pod found = client.pods().inNamespace(name).withName(pod).get();
        assertThat(found).as("pod " + pod).isNotNull();
        return found;
    }

    boolean exists(String pod) {
        return client.pods().inNamespace(name).withName(pod).get() != null;
    }

    List<Pod> pods() {
        return client.pods().inNamespace(name).list().getItems();
    }

    Pod awaitPod(String pod, Consumer<Pod> holds) {
        eventually(() -> holds.accept(pod(pod)));
        return pod(pod);
    }

    Pod awaitPhase(String pod, String phase) {
        return awaitPod(
                pod, seen -> assertThat(seen.getStatus().getPhase()).as(pod).isEqualTo(phase));
    }

    /** Running, and every container of it ready. */
    Pod awaitReady(String pod) {
        return awaitPod(
                pod, seen -> assertThat(Conditions.of(seen)).containsEntry("Ready", "True"));
    }

    void awaitGone(String pod) {
        eventually(() -> assertThat(exists(pod)).as(pod + " exists").isFalse());
    }

    /** The messages of the events of one reason about one object, newest first. */
    Stream<String> events(String object, String reason) {
        return client.v1().events().inNamespace(name).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(object))
                .filter(event -> Objects.equals(event.getReason(), reason))
                .map(Event::getMessage);
    }

    /** kubectl within the namespace. */
    Command kubectl(String... arguments) {
        String[] all = Arrays.copyOf(new String[] {"-n", name}, arguments.length + 2);
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return world.kubectl(all);
    }

    /** The container ids of all pods here, without the sandboxes'. */
    Map<String, Docker.Container> containers() {
        return docker.containers(Docker.ofNamespace(name));
    }

    KubernetesClient client() {
        return client;
    }

    static void eventually(ThrowingCheck check) {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .ignoreException(KubernetesClientException.class)
                .untilAsserted(check::run);
    }

    /** An assertion that may hold later. */
    @FunctionalInterface
    interface ThrowingCheck {
        void run() throws Exception;
    }

    @Override
    public void close() {
        client.namespaces().withName(name).delete();
    }

    /** Closes it and waits until the engine keeps nothing of it. */
    void closeAndAwait() {
        close();
        eventually(() -> {
            assertThat(containers()).isEmpty();
            assertThat(docker.sandboxes(Docker.ofNamespace(name))).isEmpty();
        });
    }
}
