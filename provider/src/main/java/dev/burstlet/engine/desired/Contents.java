package dev.burstlet.engine.desired;

import dev.burstlet.container.Content;
import dev.burstlet.container.Publication;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files of one configMap, secret, downwardAPI or projected volume. */
final class Contents {
    private static final int DEFAULT_MODE = 0644;
    private static final int TOKEN_MODE = 0600;

    private final PodBundle bundle;
    private final Volume volume;
    private final Payload payload;
    private final @Nullable Long fsGroup;
    private final @Nullable Long commonUser;

    private Contents(PodBundle bundle, Volume volume) {
        PodSpec spec = bundle.pod().getSpec();
        this.bundle = bundle;
        this.volume = volume;
        this.fsGroup = Security.podContext(spec).getFsGroup();
        this.commonUser = Security.commonUser(spec);
        this.payload = new Payload(fsGroup);
    }

    /** Whether a volume's contents are published. */
    static boolean published(Volume volume) {
        return volume.getConfigMap() != null
                || volume.getSecret() != null
                || volume.getDownwardAPI() != null
                || volume.getProjected() != null;
    }

    /** Whether a token of a volume is one that was not asked for yet. */
    static boolean awaitsToken(PodBundle bundle, Volume volume) {
        return volume.getProjected() != null
                && volume.getProjected().getSources().stream()
                        .map(VolumeProjection::getServiceAccountToken)
                        .filter(Objects::nonNull)
                        .anyMatch(source -> !bundle.tokens().containsKey(TokenSpec.of(source)));
    }

    /**
     * All files of a volume.
     *
     * @throws VolumeNotReadyException naming what is missing
     */
    static Publication of(PodBundle bundle, Volume volume) {
        Contents contents = new Contents(bundle, volume);
        try {
            contents.fill();
            List<Publication.File> files = contents.payload.files();
            List<String> mountPoints =
                    MountPoints.within(bundle.pod().getSpec(), volume.getName()).stream()
                            .filter(point -> files.stream().noneMatch(f -> f.path().equals(point)))
                            .toList();
            return new Publication(volume.getName(), files, true, mountPoints);
        } catch (IllegalArgumentException e) {
            throw new VolumeNotReadyException(volume.getName(), String.valueOf(e.getMessage()));
        }
    }

    private void fill() {
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            addConfigMap(
                    source.getName(),
                    isTrue(source.getOptional()),
                    source.getItems(),
                    mode(source.getDefaultMode()));
        } else if (volume.getSecret() != null) {
            var source = volume.getSecret();
            addSecret(
                    source.getSecretName(),
                    isTrue(source.getOptional()),
                    source.getItems(),
                    mode(source.getDefaultMode()));
        } else if (volume.getDownwardAPI() != null) {
            var source = volume.getDownwardAPI();
            addFields(source.getItems(), mode(source.getDefaultMode()));
        } else {
            var source = volume.getProjected();
            addAll(source.getSources(), mode(source.getDefaultMode()));
        }
    }

    /** All sources are tried, so that one message names all that is missing. */
    private void addAll(List<VolumeProjection> sources, int mode) {
        List<String> failures = new ArrayList<>();
        for (VolumeProjection source : sources) {
            try {
                add(source, mode);
            } catch (IllegalArgumentException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        if (!failures.isEmpty()) {
            throw new IllegalArgumentException(
                    failures.size() == 1 ? failures.getFirst() : failures.toString());
        }
    }

    private void add(VolumeProjection source, int mode) {
        if (source.getConfigMap() != null) {
            var configMap = source.getConfigMap();
            addConfigMap(
                    configMap.getName(),
                    isTrue(configMap.getOptional()),
                    configMap.getItems(),
                    mode);
        }
        if (source.getSecret() != null) {
            var secret = source.getSecret();
            addSecret(secret.getName(), isTrue(secret.getOptional()), secret.getItems(), mode);
        }
        if (source.getDownwardAPI() != null) {
            addFields(source.getDownwardAPI().getItems(), mode);
        }
        if (source.getServiceAccountToken() != null) {
            addToken(source.getServiceAccountToken(), mode);
        }
        if (source.getClusterTrustBundle() != null) {
            throw new IllegalArgumentException("projected.clusterTrustBundle is not supported");
        }
        if (source.getPodCertificate() != null) {
            throw new IllegalArgumentException("projected.podCertificate is not supported");
        }
    }

    private void addConfigMap(String name, boolean optional, List<KeyToPath> items, int mode) {
        Map<String, Content> data =
                data(
                        bundle.configMaps().get(name),
                        "configmap",
                        name,
                        optional,
                        (ConfigMap c) -> ObjectData.contents(c));
        addItems(data, items, mode, optional, "configmap references non-existent config key: ");
    }

    private void addSecret(String name, boolean optional, List<KeyToPath> items, int mode) {
        Map<String, Content> data =
                data(
                        bundle.secrets().get(name),
                        "secret",
                        name,
                        optional,
                        (Secret s) -> ObjectData.contents(s));
        addItems(data, items, mode, optional, "references non-existent secret key: ");
    }

    private static <T> Map<String, Content> data(
            @Nullable Reference<T> reference,
            String kind,
            String name,
            boolean optional,
            Function<T, Map<String, Content>> contents) {
        return switch (reference) {
            case Reference.Present<T>(T value) -> contents.apply(value);
            case Reference.Unreadable<T>(String message) ->
                    throw new IllegalArgumentException(message);
            case Reference.Missing<T> _ -> absent(kind, name, optional);
            case null -> absent(kind, name, optional);
        };
    }

    private static Map<String, Content> absent(String kind, String name, boolean optional) {
        if (!optional) {
            throw new IllegalArgumentException("%s \"%s\" not found".formatted(kind, name));
        }
        return Map.of();
    }

    private void addItems(
            Map<String, Content> data,
            List<KeyToPath> items,
            int mode,
            boolean optional,
            String missing) {
        if (items.isEmpty()) {
            data.forEach((key, content) -> payload.put(key, mode, null, content));
        }
        for (KeyToPath item : items) {
            Content content = data.get(item.getKey());
            if (content != null) {
                int itemMode = item.getMode() == null ? mode : item.getMode();
                payload.put(item.getPath(), itemMode, null, content);
            } else if (!optional) {
                throw new IllegalArgumentException(missing + item.getKey());
            }
        }
    }

    private void addFields(List<DownwardAPIVolumeFile> items, int mode) {
        for (DownwardAPIVolumeFile item : items) {
            String value = "";
            if (item.getFieldRef() != null) {
                value = PodFields.of(bundle, List.of()).file(item.getFieldRef());
            } else if (item.getResourceFieldRef() != null) {
                value = new ResourceFields(bundle).value(item.getResourceFieldRef(), null);
            }
            int itemMode = item.getMode() == null ? mode : item.getMode();
            payload.put(item.getPath(), itemMode, null, Content.utf8(value));
        }
    }

    /**
     * A token belongs to the user that all containers run as; only where there is neither such a
     * user nor a group can everybody in the pod read it.
     */
    private void addToken(ServiceAccountTokenProjection source, int mode) {
        Reference<String> token = bundle.tokens().get(TokenSpec.of(source));
        String text =
                switch (token) {
                    case Reference.Present<String>(String value) -> value;
                    case Reference.Unreadable<String>(String message) ->
                            throw new IllegalArgumentException("failed to fetch token: " + message);
                    case Reference.Missing<String> _ ->
                            throw new IllegalArgumentException(
                                    "failed to fetch token: serviceaccounts \"%s\" not found"
                                            .formatted(
                                                    bundle.pod()
                                                            .getSpec()
                                                            .getServiceAccountName()));
                    case null ->
                            throw new IllegalArgumentException(
                                    "failed to fetch token: not requested yet");
                };
        boolean restricted = commonUser != null || fsGroup != null;
        payload.put(
                source.getPath(), restricted ? TOKEN_MODE : mode, commonUser, Content.utf8(text));
    }

    private static int mode(@Nullable Integer mode) {
        return mode == null ? DEFAULT_MODE : mode;
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
