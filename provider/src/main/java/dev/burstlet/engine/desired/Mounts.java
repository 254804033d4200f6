package dev.burstlet.engine.desired;

import dev.burstlet.container.ContainerSpec.Mount;
import dev.burstlet.container.ContainerSpec.Propagation;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a container sees of its pod's volumes, and the files that the kubelet adds. */
final class Mounts {
    private static final String HOSTS = "/etc/hosts";

    private final EngineInfo info;

    Mounts(EngineInfo info) {
        this.info = info;
    }

    /**
     * The mounts, outer before inner.
     *
     * @param environment for subPathExpr
     * @throws ConfigException in the kubelet's words
     */
    List<Mount> of(
            PodBundle bundle,
            Container container,
            Map<String, String> environment,
            ContainerContext context) {
        if (!container.getVolumeDevices().isEmpty()) {
            throw ConfigException.container("volumeDevices are not supported");
        }
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            mounts.add(mount(bundle, container, mount, environment));
        }
        boolean addressed =
                !context.podIps().isEmpty()
                        || Boolean.TRUE.equals(bundle.pod().getSpec().getHostNetwork());
        if (addressed && HostsFile.managed(bundle.pod())) {
            addSystem(mounts, PodTranslator.HOSTS_PATH, HOSTS);
        }
        addSystem(
                mounts,
                PodTranslator.terminationLogPath(container.getName(), context.attempt()),
                absolute(PodSpecs.terminationMessagePath(container)));
        mounts.sort(Comparator.comparingInt(Mounts::depth));
        return List.copyOf(mounts);
    }

    /** A file of the system's volume, unless the container mounts something there itself. */
    private static void addSystem(List<Mount> mounts, String subPath, String path) {
        if (mounts.stream().noneMatch(m -> m.containerPath().equals(path))) {
            mounts.add(
                    new Mount(
                            PodTranslator.SYSTEM_VOLUME,
                            subPath,
                            path,
                            false,
                            false,
                            Propagation.NONE));
        }
    }

    private Mount mount(
            PodBundle bundle,
            Container container,
            VolumeMount mount,
            Map<String, String> environment) {
        Volume volume =
                bundle.pod().getSpec().getVolumes().stream()
                        .filter(v -> v.getName().equals(mount.getName()))
                        .findFirst()
                        .orElseThrow(() ->
                                ConfigException.container(
                                        "cannot find volume \"%s\" to mount into container \"%s\""
                                                .formatted(mount.getName(), container.getName())));
        boolean asked = Boolean.TRUE.equals(mount.getReadOnly());
        return new Mount(
                mount.getName(),
                subPath(mount, environment),
                absolute(mount.getMountPath()),
                asked || Volumes.readOnly(bundle, volume),
                recursiveReadOnly(bundle, mount, asked),
                propagation(mount));
    }

    private static String subPath(VolumeMount mount, Map<String, String> environment) {
        String subPath = mount.getSubPath() == null ? "" : mount.getSubPath();
        String expression = mount.getSubPathExpr();
        if (expression != null && !expression.isEmpty()) {
            subPath = expanded(expression, environment);
        }
        if (subPath.startsWith("/")) {
            throw ConfigException.container(
                    "error SubPath `%s` must not be an absolute path".formatted(subPath));
        }
        if (List.of(subPath.split("/", -1)).contains("..")) {
            throw ConfigException.container(
                    "unable to provision SubPath `%s`: must not contain '..'".formatted(subPath));
        }
        return normalized(subPath);
    }

    private static String expanded(String expression, Map<String, String> environment) {
        SortedSet<String> missing = new TreeSet<>();
        String expanded =
                Expansion.expand(
                        expression,
                        name -> {
                            String value = environment.get(name);
                            if (value == null || value.isEmpty()) {
                                missing.add(name);
                            }
                            return value;
                        });
        if (!missing.isEmpty()) {
            throw ConfigException.container("missing value for " + String.join(", ", missing));
        }
        return expanded;
    }

    private boolean recursiveReadOnly(PodBundle bundle, VolumeMount mount, boolean readOnly) {
        String mode = mount.getRecursiveReadOnly();
        if (mode == null || mode.isEmpty() || mode.equals("Disabled")) {
            return false;
        }
        String name = mount.getName();
        if (!readOnly) {
            throw rro(
                    "volume \"%s\" requested recursive read-only mode, but it is not read-only"
                            .formatted(name));
        }
        if (propagation(mount) != Propagation.NONE) {
            throw rro(
                    "volume \"%s\" requested recursive read-only mode, but it is not compatible with propagation \"%s\""
                            .formatted(name, mount.getMountPropagation()));
        }
        boolean able = info.recursiveReadOnly(bundle.runtimeHandler());
        return switch (mode) {
            case "IfPossible" -> able;
            case "Enabled" -> {
                if (!able) {
                    throw rro(
                            "volume \"%s\" requested recursive read-only mode, but it is not supported by the runtime"
                                    .formatted(name));
                }
                yield true;
            }
            default -> throw rro("unknown recursive read-only mode \"%s\"".formatted(mode));
        };
    }

    private static ConfigException rro(String cause) {
        return ConfigException.container("failed to resolve recursive read-only mode: " + cause);
    }

    private Propagation propagation(VolumeMount mount) {
        String mode = mount.getMountPropagation() == null ? "" : mount.getMountPropagation();
        Propagation propagation =
                switch (mode) {
                    case "", "None" -> Propagation.NONE;
                    case "HostToContainer" -> Propagation.HOST_TO_CONTAINER;
                    case "Bidirectional" -> Propagation.BIDIRECTIONAL;
                    default ->
                            throw ConfigException.container(
                                    "invalid MountPropagation mode: \"%s\"".formatted(mode));
                };
        if (propagation != Propagation.NONE
                && !info.features().contains(EngineInfo.Feature.MOUNT_PROPAGATION)) {
            throw ConfigException.container(
                    "volumeMounts.mountPropagation %s is not supported by this host's engine"
                            .formatted(mode));
        }
        return propagation;
    }

    private static String absolute(String path) {
        String clean = normalized(path);
        return "/" + clean;
    }

    /** Without empty and dot parts. */
    private static String normalized(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    /** An absolute path without empty, dot and dot-dot parts. */
    static String clean(String path) {
        return java.nio.file.Path.of("/", path).normalize().toString();
    }

    private static int depth(Mount mount) {
        return (int) mount.containerPath().chars().filter(c -> c == '/').count();
    }
}
