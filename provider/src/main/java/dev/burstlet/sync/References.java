package dev.burstlet.sync;

import dev.burstlet.pod.ClaimNames;
import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of what a pod refers to in its own namespace. Pure. The pull secrets are those of the
 * spec: the API server's ServiceAccount admission puts the service account's there.
 *
 * @param claims names of PersistentVolumeClaims, those of generic ephemeral volumes included
 */
record References(
        Set<String> configMaps,
        Set<String> secrets,
        Set<String> pullSecrets,
        Set<TokenSpec> tokens,
        Set<String> claims) {
    private static final long DEFAULT_EXPIRATION = 3600;

    static References of(Pod pod) {
        References found =
                new References(
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>(),
                        new LinkedHashSet<>());
        PodSpec spec = pod.getSpec();
        for (Container container : spec.getInitContainers()) {
            found.environment(container.getEnv(), container.getEnvFrom());
        }
        for (Container container : spec.getContainers()) {
            found.environment(container.getEnv(), container.getEnvFrom());
        }
        for (EphemeralContainer container : spec.getEphemeralContainers()) {
            found.environment(container.getEnv(), container.getEnvFrom());
        }
        for (Volume volume : spec.getVolumes()) {
            found.volume(volume);
            String claim = ClaimNames.of(pod.getMetadata().getName(), volume);
            if (claim != null) {
                found.claims.add(claim);
            }
        }
        for (LocalObjectReference secret : spec.getImagePullSecrets()) {
            if (secret.getName() != null && !secret.getName().isEmpty()) {
                found.pullSecrets.add(secret.getName());
            }
        }
        return found;
    }

    private void environment(List<EnvVar> variables, List<EnvFromSource> sources) {
        for (EnvVar variable : variables) {
            EnvVarSource source = variable.getValueFrom();
            if (source != null && source.getConfigMapKeyRef() != null) {
                configMaps.add(source.getConfigMapKeyRef().getName());
            }
            if (source != null && source.getSecretKeyRef() != null) {
                secrets.add(source.getSecretKeyRef().getName());
            }
        }
        for (EnvFromSource source : sources) {
            if (source.getConfigMapRef() != null) {
                configMaps.add(source.getConfigMapRef().getName());
            }
            if (source.getSecretRef() != null) {
                secrets.add(source.getSecretRef().getName());
            }
        }
    }

    private void volume(Volume volume) {
        if (volume.getConfigMap() != null) {
            configMaps.add(volume.getConfigMap().getName());
        }
        if (volume.getSecret() != null) {
            secrets.add(volume.getSecret().getSecretName());
        }
        if (volume.getProjected() != null) {
            volume.getProjected().getSources().forEach(this::projection);
        }
    }

    private void projection(VolumeProjection source) {
        if (source.getConfigMap() != null) {
            configMaps.add(source.getConfigMap().getName());
        }
        if (source.getSecret() != null) {
            secrets.add(source.getSecret().getName());
        }
        ServiceAccountTokenProjection token = source.getServiceAccountToken();
        if (token != null) {
            String audience = token.getAudience();
            Long expiration = token.getExpirationSeconds();
            tokens.add(
                    new TokenSpec(
                            audience == null || audience.isEmpty() ? List.of() : List.of(audience),
                            expiration == null ? DEFAULT_EXPIRATION : expiration));
        }
    }
}
