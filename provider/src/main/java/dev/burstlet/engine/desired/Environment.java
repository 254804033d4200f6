package dev.burstlet.engine.desired;

import dev.burstlet.container.ContainerSpec.EnvVar;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.FileKeySelector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container's environment, computed at each start: services first, then envFrom in order, then
 * env; the later of a name wins. References in a value see what was declared before them, then the
 * services.
 */
final class Environment {
    private final PodBundle bundle;
    private final Container container;
    private final PodFields fields;
    private final EnvFiles files;
    private final Map<String, String> services;
    private final Map<String, String> declared = new LinkedHashMap<>();

    private Environment(
            PodBundle bundle,
            Container container,
            List<String> podIps,
            EnvFiles files,
            TranslationSettings settings) {
        this.bundle = bundle;
        this.container = container;
        this.fields = PodFields.of(bundle, podIps);
        this.files = files;
        this.services = ServiceEnvironment.of(bundle, settings);
    }

    /**
     * The variables in order, no name twice.
     *
     * @throws ConfigException where a mandatory reference is missing
     */
    static Map<String, String> of(
            PodBundle bundle,
            Container container,
            List<String> podIps,
            EnvFiles files,
            TranslationSettings settings) {
        Environment environment = new Environment(bundle, container, podIps, files, settings);
        try {
            container.getEnvFrom().forEach(environment::addAll);
            container.getEnv().forEach(environment::add);
        } catch (IllegalArgumentException e) {
            throw ConfigException.container(String.valueOf(e.getMessage()));
        }
        return environment.merged();
    }

    static List<EnvVar> list(Map<String, String> variables) {
        List<EnvVar> list = new ArrayList<>();
        variables.forEach((name, value) -> list.add(new EnvVar(name, value)));
        return List.copyOf(list);
    }

    private Map<String, String> merged() {
        Map<String, String> merged = new LinkedHashMap<>(services);
        declared.forEach((name, value) -> {
            merged.remove(name);
            merged.put(name, value);
        });
        return merged;
    }

    private void addAll(EnvFromSource source) {
        String prefix = source.getPrefix() == null ? "" : source.getPrefix();
        Map<String, String> data = Map.of();
        if (source.getConfigMapRef() != null) {
            ConfigMap configMap =
                    configMap(
                            source.getConfigMapRef().getName(),
                            isTrue(source.getConfigMapRef().getOptional()));
            data = configMap == null ? Map.of() : ObjectData.strings(configMap);
        } else if (source.getSecretRef() != null) {
            Secret secret =
                    secret(
                            source.getSecretRef().getName(),
                            isTrue(source.getSecretRef().getOptional()));
            data = secret == null ? Map.of() : ObjectData.strings(secret);
        }
        data.forEach((key, value) -> {
            if (validName(prefix + key)) {
                declared.put(prefix + key, checked(prefix + key, value));
            }
        });
    }

    private void add(io.fabric8.kubernetes.api.model.EnvVar variable) {
        String value = variable.getValue() == null ? "" : variable.getValue();
        if (!value.isEmpty()) {
            value = Expansion.expand(value, this::lookup);
        } else if (variable.getValueFrom() != null) {
            String resolved = resolve(variable.getName(), variable.getValueFrom());
            if (resolved == null) {
                return;
            }
            value = resolved;
        }
        // A name given again moves to its new place, so that order tells what came last.
        declared.remove(variable.getName());
        declared.put(variable.getName(), checked(variable.getName(), value));
    }

    private @Nullable String lookup(String name) {
        String value = declared.get(name);
        return value == null ? services.get(name) : value;
    }

    /** The value, or null where an optional reference is missing. */
    private @Nullable String resolve(String name, EnvVarSource source) {
        if (source.getFieldRef() != null) {
            return fields.variable(source.getFieldRef());
        }
        if (source.getResourceFieldRef() != null) {
            return new ResourceFields(bundle).value(source.getResourceFieldRef(), container);
        }
        if (source.getConfigMapKeyRef() != null) {
            var ref = source.getConfigMapKeyRef();
            boolean optional = isTrue(ref.getOptional());
            ConfigMap configMap = configMap(ref.getName(), optional);
            Map<String, String> data = configMap == null ? null : ObjectData.strings(configMap);
            return pick(data, ref.getKey(), "ConfigMap", ref.getName(), optional);
        }
        if (source.getSecretKeyRef() != null) {
            var ref = source.getSecretKeyRef();
            boolean optional = isTrue(ref.getOptional());
            Secret secret = secret(ref.getName(), optional);
            Map<String, String> data = secret == null ? null : ObjectData.strings(secret);
            return pick(data, ref.getKey(), "Secret", ref.getName(), optional);
        }
        if (source.getFileKeyRef() != null) {
            return fromFile(source.getFileKeyRef());
        }
        throw ConfigException.container(
                "env %s: valueFrom.<unknown> is not supported".formatted(name));
    }

    private @Nullable String fromFile(FileKeySelector reference) {
        String value = files.value(reference);
        if (value == null && !isTrue(reference.getOptional())) {
            throw ConfigException.container(
                    "environment variable key \"%s\" not found in file \"%s\""
                            .formatted(reference.getKey(), reference.getPath()));
        }
        return value;
    }

    private @Nullable String pick(
            @Nullable Map<String, String> data,
            String key,
            String kind,
            String name,
            boolean optional) {
        String value = data == null ? null : data.get(key);
        if (value == null && !optional) {
            throw ConfigException.container(
                    "couldn't find key %s in %s %s/%s"
                            .formatted(key, kind, bundle.key().namespace(), name));
        }
        return value;
    }

    private @Nullable ConfigMap configMap(String name, boolean optional) {
        return object(bundle.configMaps().get(name), "configmap", name, optional);
    }

    private @Nullable Secret secret(String name, boolean optional) {
        return object(bundle.secrets().get(name), "secret", name, optional);
    }

    private static <T extends HasMetadata> @Nullable T object(
            @Nullable Reference<T> reference, String kind, String name, boolean optional) {
        return switch (reference) {
            case Reference.Present<T>(T value) -> value;
            case Reference.Unreadable<T>(String message) ->
                    throw ConfigException.container(message);
            case Reference.Missing<T> _ -> {
                requireOptional(kind, name, optional);
                yield null;
            }
            case null -> {
                requireOptional(kind, name, optional);
                yield null;
            }
        };
    }

    private static void requireOptional(String kind, String name, boolean optional) {
        if (!optional) {
            throw ConfigException.container("%s \"%s\" not found".formatted(kind, name));
        }
    }

    /** What no environment can hold is refused by name, never cut off. */
    private static String checked(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw ConfigException.container("env %s: the value has a NUL byte".formatted(name));
        }
        return value;
    }

    /** Printable ASCII without {@code =}, as Kubernetes has allowed since 1.30. */
    private static boolean validName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '=');
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
