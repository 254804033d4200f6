package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a host needs to run one pod without access to the API server: the pod, every
 * object it refers to, its tokens, the services of its namespace and the node it is on. The model
 * objects are made once and never changed afterwards by anyone.
 *
 * @param revision rises with every bundle of this pod; a host ignores an older one than it has
 * @param pod the pod with the last status that the API server has (restart counts, lastState,
 *     startTime, allocatedResources survive in it); managedFields are dropped
 * @param configMaps by name, each that env, envFrom or a volume refers to
 * @param secrets by name, each that env, envFrom or a volume refers to
 * @param pullSecrets by name, those of the pod and of its service account, in order
 * @param tokens the token strings by what was asked for; one that is not there is kept as the
 *     running pod has it
 * @param services the services whose variables the pod gets (enableServiceLinks, and always the API
 *     server's), already with a cluster IP
 * @param claims persistent volume claims by claim name
 * @param volumes persistent volumes by claim name, where the claim is bound
 * @param node the node that the pod is on
 * @param runtimeHandler the handler that the pod's RuntimeClass names; null without a class, or
 *     where the class could not be read
 */
public record PodBundle(
        long revision,
        Pod pod,
        Map<String, Reference<ConfigMap>> configMaps,
        Map<String, Reference<Secret>> secrets,
        Map<String, Reference<Secret>> pullSecrets,
        Map<TokenSpec, Reference<String>> tokens,
        List<Service> services,
        Map<String, Reference<PersistentVolumeClaim>> claims,
        Map<String, Reference<PersistentVolume>> volumes,
        NodeContext node,
        @Nullable String runtimeHandler) {
    public PodBundle {
        configMaps = Map.copyOf(configMaps);
        secrets = Map.copyOf(secrets);
        // Order matters: credentials are tried in the order of the pod's list.
        pullSecrets =
                java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(pullSecrets));
        tokens = Map.copyOf(tokens);
        services = List.copyOf(services);
        claims = Map.copyOf(claims);
        volumes = Map.copyOf(volumes);
    }

    /** A bundle of a pod without a RuntimeClass. */
    public PodBundle(
            long revision,
            Pod pod,
            Map<String, Reference<ConfigMap>> configMaps,
            Map<String, Reference<Secret>> secrets,
            Map<String, Reference<Secret>> pullSecrets,
            Map<TokenSpec, Reference<String>> tokens,
            List<Service> services,
            Map<String, Reference<PersistentVolumeClaim>> claims,
            Map<String, Reference<PersistentVolume>> volumes,
            NodeContext node) {
        this(
                revision,
                pod,
                configMaps,
                secrets,
                pullSecrets,
                tokens,
                services,
                claims,
                volumes,
                node,
                null);
    }

    /** A bundle of a pod that refers to nothing. */
    public static PodBundle of(long revision, Pod pod, NodeContext node) {
        return new PodBundle(
                revision, pod, Map.of(), Map.of(), Map.of(), Map.of(), List.of(), Map.of(),
                Map.of(), node);
    }

    /** The same with another state of the pod. */
    public PodBundle with(Pod other) {
        return new PodBundle(
                revision,
                other,
                configMaps,
                secrets,
                pullSecrets,
                tokens,
                services,
                claims,
                volumes,
                node,
                runtimeHandler);
    }

    public PodKey key() {
        return PodKey.of(pod);
    }
}
