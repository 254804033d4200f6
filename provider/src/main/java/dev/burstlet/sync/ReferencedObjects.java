package dev.burstlet.sync;

import dev.burstlet.cluster.ApiList;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.Reflector;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What pods refer to, as one identity may read it; shared by all nodes of that identity. ConfigMaps
 * and Secrets are watched one by one; claims and volumes, which a node may only get, are read when
 * asked for; services and RuntimeClasses are watched as a whole.
 */
public final class ReferencedObjects implements AutoCloseable {
    /** More than there is room for calls: so that there is always one to be made. */
    private static final int BUNDLES = 64;

    private final Cluster cluster;
    private final Semaphore turns = new Semaphore(BUNDLES);
    private final ObjectCache<ConfigMap> configMaps;
    private final ObjectCache<Secret> secrets;
    private final ServiceWatch services;
    private final Reflector<RuntimeClass> runtimeClasses;
    private final TokenTurns tokenTurns;

    public ReferencedObjects(Cluster cluster) {
        this.cluster = cluster;
        this.configMaps =
                new ObjectCache<>(
                        "configmap",
                        cluster,
                        id -> named(id, "configmaps", ConfigMap.class, ConfigMapList.class),
                        map -> Boolean.TRUE.equals(map.getImmutable()));
        this.secrets =
                new ObjectCache<>(
                        "secret",
                        cluster,
                        id -> named(id, "secrets", Secret.class, SecretList.class),
                        secret -> Boolean.TRUE.equals(secret.getImmutable()));
        this.services = new ServiceWatch(cluster);
        this.tokenTurns = new TokenTurns(cluster.clock());
        this.runtimeClasses =
                new Reflector<>(
                        "runtimeclasses",
                        cluster,
                        new ApiList<>(
                                cluster,
                                "/apis/node.k8s.io/v1/runtimeclasses",
                                "",
                                RuntimeClass.class,
                                RuntimeClassList.class),
                        new Ignored());
    }

    public void start() {
        services.start();
        runtimeClasses.start();
    }

    /**
     * Who makes a bundle takes one: of many thousand pods that wait for the API server, each would
     * hold what it has of its bundle already.
     */
    Semaphore turns() {
        return turns;
    }

    ObjectCache<ConfigMap> configMaps() {
        return configMaps;
    }

    ObjectCache<Secret> secrets() {
        return secrets;
    }

    ServiceWatch services() {
        return services;
    }

    TokenTurns tokenTurns() {
        return tokenTurns;
    }

    Reference<PersistentVolumeClaim> claim(String namespace, String name)
            throws InterruptedException {
        return read(() ->
                cluster.client()
                        .persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName(name)
                        .get());
    }

    Reference<PersistentVolume> volume(String name) throws InterruptedException {
        return read(() -> cluster.client().persistentVolumes().withName(name).get());
    }

    /** The handler of a RuntimeClass. */
    Reference<String> runtimeHandler(String runtimeClass) throws InterruptedException {
        RuntimeClass known = runtimeClasses.object(null, runtimeClass);
        if (known != null) {
            return new Reference.Present<>(known.getHandler());
        }
        Reference<RuntimeClass> read =
                read(() ->
                        cluster.client()
                                .resources(RuntimeClass.class)
                                .withName(runtimeClass)
                                .get());
        return switch (read) {
            case Reference.Present<RuntimeClass>(RuntimeClass found) ->
                    new Reference.Present<>(found.getHandler());
            case Reference.Missing<RuntimeClass>() -> new Reference.Missing<>();
            case Reference.Unreadable<RuntimeClass>(String message) ->
                    new Reference.Unreadable<>(message);
        };
    }

    @Override
    public void close() {
        services.close();
        runtimeClasses.close();
    }

    private <T extends HasMetadata> ApiList<T> named(
            ObjectCache.Id id,
            String plural,
            Class<T> type,
            Class<? extends KubernetesResourceList<T>> listType) {
        return new ApiList<>(
                cluster,
                "/api/v1/namespaces/" + id.namespace() + "/" + plural,
                "metadata.name=" + id.name(),
                type,
                listType);
    }

    private <T> Reference<T> read(Cluster.Request<@Nullable T> request)
            throws InterruptedException {
        try {
            T found = cluster.<@Nullable T>call(request);
            return found == null ? new Reference.Missing<>() : new Reference.Present<>(found);
        } catch (KubernetesClientException e) {
            return new Reference.Unreadable<>(String.valueOf(e.getMessage()));
        }
    }

    private static final class Ignored implements Reflector.Sink<RuntimeClass> {
        @Override
        public void changed(RuntimeClass object) {}

        @Override
        public void gone(RuntimeClass last) {}
    }
}
