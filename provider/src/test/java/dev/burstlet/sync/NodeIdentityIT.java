package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.node.NodeSettings;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.Yaml;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods under exactly what the Node authorizer and NodeRestriction let a node's own identity do. */
@ExtendWith(ControlPlaneExtension.class)
class NodeIdentityIT {
    private static final String NAMESPACE = "default";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name = "identity-" + System.nanoTime();
    private final PlainHost host = new PlainHost();
    private final Config own;
    private final KubernetesClient admin;
    private @Nullable VirtualNode node;

    NodeIdentityIT(ControlPlane controlPlane) {
        this.own = controlPlane.as("system:node:" + name, "system:nodes");
        this.admin = Cluster.connect(controlPlane.admin());
    }

    @AfterEach
    void close() {
        if (node != null) {
            node.close();
        }
        admin.nodes().withName(name).delete();
        admin.pods().inNamespace(NAMESPACE).withName(name).withGracePeriod(0).delete();
        admin.persistentVolumeClaims().inNamespace(NAMESPACE).withName(name).delete();
        admin.persistentVolumes().withName(name).delete();
        admin.close();
    }

    @Test
    void aPodRunsWithAllItRefersToAndNothingElseCanBeRead() {
        create(ConfigMap.class, "data: {word: old}");
        create(Secret.class, "stringData: {word: hidden}");
        create(
                PersistentVolume.class,
                "spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Mi},"
                        + " storageClassName: NAME, hostPath: {path: /srv}}");
        create(
                PersistentVolumeClaim.class,
                "spec: {accessModes: [ReadWriteOnce], storageClassName: NAME,"
                        + " resources: {requests: {storage: 1Mi}}}");
        start();
        try (KubernetesClient client = Cluster.connect(own)) {
            assertThatThrownBy(() -> client.secrets().inNamespace(NAMESPACE).withName(name).get())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("no relationship found");

            Pod pod =
                    create(
                            Pod.class,
                            """
                            spec:
                              nodeName: NAME
                              volumes:
                                - {name: claimed, persistentVolumeClaim: {claimName: NAME}}
                                - {name: secret, secret: {secretName: NAME}}
                              containers:
                                - name: main
                                  image: busybox
                                  envFrom: [{configMapRef: {name: NAME}}]
                            """);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(running(pod).getStatus().getPhase()).isEqualTo("Running"));
            await().atMost(PATIENCE).untilAsserted(() -> isWhole(bundle(pod)));
            assertThat(client.secrets().inNamespace(NAMESPACE).withName(name).get()).isNotNull();

            admin.configMaps()
                    .inNamespace(NAMESPACE)
                    .withName(name)
                    .edit(map -> {
                        map.getData().put("word", "new");
                        return map;
                    });
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(bundle(pod).configMaps().get(name))
                                    .isInstanceOfSatisfying(
                                            Reference.Present.class,
                                            map ->
                                                    assertThat(map.value().toString())
                                                            .contains("word=new")));

            admin.resource(pod).delete();
            await().atMost(PATIENCE).until(() -> admin.resource(pod).get() == null);
        }
    }

    private void start() {
        NodeSettings base = VirtualNode.settings(name);
        VirtualNode started =
                new VirtualNode(
                        own,
                        new NodeSettings(
                                base.name(),
                                base.providerId(),
                                base.labels(),
                                base.annotations(),
                                base.taints(),
                                base.kubeletVersion(),
                                base.declaredFeatures(),
                                base.resources(),
                                base.endpoint(),
                                base.dns(),
                                NodeSettings.Identity.NODE,
                                base.timing(),
                                base.slot()),
                        host);
        node = started;
        await().atMost(PATIENCE)
                .until(() -> started.sync().isActive() && started.node().node().isPresent());
    }

    private static void isWhole(PodBundle bundle) {
        assertThat(bundle.configMaps()).hasSize(2);
        assertThat(bundle.configMaps().values()).allMatch(Reference.Present.class::isInstance);
        assertThat(bundle.secrets().values()).hasSize(1);
        assertThat(bundle.secrets().values()).allMatch(Reference.Present.class::isInstance);
        assertThat(bundle.tokens().values()).hasSize(1);
        assertThat(bundle.tokens().values()).allMatch(Reference.Present.class::isInstance);
        assertThat(bundle.claims().values()).allMatch(Reference.Present.class::isInstance);
        assertThat(bundle.volumes().values()).hasSize(1);
        assertThat(bundle.volumes().values()).allMatch(Reference.Present.class::isInstance);
    }

    private Pod running(Pod pod) {
        return Objects.requireNonNull(admin.resource(pod).get());
    }

    private PodBundle bundle(Pod pod) {
        return Objects.requireNonNull(host.bundle(pod.getMetadata().getUid()));
    }

    private <T extends HasMetadata> T create(Class<T> type, String yaml) {
        T object = Yaml.read("metadata: {name: NAME}\n".concat(yaml).replace("NAME", name), type);
        if (type != PersistentVolume.class) {
            object.getMetadata().setNamespace(NAMESPACE);
        }
        return admin.resource(object).create();
    }
}
