package dev.burstlet.engine.desired;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.container.SecuritySpec.SeLinux;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Security contexts, the container's laid over the pod's. */
final class Security {
    private static final String RUNTIME_DEFAULT = "RuntimeDefault";
    private static final String UNCONFINED = "Unconfined";
    private static final String LOCALHOST = "Localhost";
    private static final String APPARMOR_ANNOTATION =
            "container.apparmor.security.beta.kubernetes.io/";

    private final EngineInfo info;
    private final TranslationSettings settings;

    Security(EngineInfo info, TranslationSettings settings) {
        this.info = info;
        this.settings = settings;
    }

    /**
     * A container's.
     *
     * @throws ConfigException in the kubelet's words
     */
    SecuritySpec container(Pod pod, Container container, ImageInfo image) {
        PodSecurityContext podContext = podContext(pod.getSpec());
        SecurityContext context = context(container);
        Long user = runAsUser(pod.getSpec(), container);
        Long group = or(context.getRunAsGroup(), podContext.getRunAsGroup());
        String imageUser = image.user().split(":", 2)[0];
        verifyNonRoot(pod, container, user, imageUser);
        boolean privileged = Boolean.TRUE.equals(context.getPrivileged());
        Capabilities capabilities =
                context.getCapabilities() == null ? new Capabilities() : context.getCapabilities();
        return new SecuritySpec(
                user,
                group,
                supplementalGroups(podContext),
                privileged,
                Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()),
                Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()),
                normalized(capabilities.getAdd()),
                normalized(capabilities.getDrop()),
                privileged ? UNCONFINED : seccomp(podContext, context),
                apparmor(pod, container, podContext, context),
                seLinux(or(context.getSeLinuxOptions(), podContext.getSeLinuxOptions())),
                "Unmasked".equals(context.getProcMount()),
                strictGroups(podContext));
    }

    /**
     * The sandbox's: privileged where a container is, as runtimes ask; its process is the image's
     * own user, as it looks after volumes of every container.
     */
    SecuritySpec sandbox(Pod pod) {
        boolean privileged =
                PodSpecs.members(pod.getSpec()).stream()
                        .anyMatch(m -> Boolean.TRUE.equals(context(m.spec()).getPrivileged()));
        PodSecurityContext context = podContext(pod.getSpec());
        return new SecuritySpec(
                null,
                null,
                supplementalGroups(context),
                privileged,
                false,
                false,
                List.of(),
                List.of(),
                RUNTIME_DEFAULT,
                "",
                seLinux(context.getSeLinuxOptions()),
                false,
                strictGroups(context));
    }

    static @Nullable Long runAsUser(PodSpec spec, Container container) {
        return or(context(container).getRunAsUser(), podContext(spec).getRunAsUser());
    }

    /** The user that all of a pod's containers run as, or null where they differ or do not say. */
    static @Nullable Long commonUser(PodSpec spec) {
        List<Container> containers = new ArrayList<>(spec.getInitContainers());
        containers.addAll(spec.getContainers());
        Set<@Nullable Long> users = new LinkedHashSet<>();
        containers.forEach(c -> users.add(runAsUser(spec, c)));
        return users.size() == 1 ? users.iterator().next() : null;
    }

    static PodSecurityContext podContext(PodSpec spec) {
        return spec.getSecurityContext() == null
                ? new PodSecurityContext()
                : spec.getSecurityContext();
    }

    private static SecurityContext context(Container container) {
        return container.getSecurityContext() == null
                ? new SecurityContext()
                : container.getSecurityContext();
    }

    private static void verifyNonRoot(
            Pod pod, Container container, @Nullable Long user, String imageUser) {
        Boolean nonRoot =
                or(
                        context(container).getRunAsNonRoot(),
                        podContext(pod.getSpec()).getRunAsNonRoot());
        if (!Boolean.TRUE.equals(nonRoot)) {
            return;
        }
        String where =
                "(pod: \"%s\", container: %s)"
                        .formatted(PodNames.formatted(PodKey.of(pod)), container.getName());
        if (user != null) {
            if (user == 0) {
                throw ConfigException.container(
                        "container's runAsUser breaks non-root policy " + where);
            }
            return;
        }
        Long number = number(imageUser);
        if (imageUser.isEmpty() || (number != null && number == 0)) {
            throw ConfigException.container(
                    "container has runAsNonRoot and image will run as root " + where);
        }
        if (number == null) {
            throw ConfigException.container(
                    "container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is non-root %s"
                            .formatted(imageUser, where));
        }
    }

    /** Merge is the default. */
    private static boolean strictGroups(PodSecurityContext context) {
        return "Strict".equals(context.getSupplementalGroupsPolicy());
    }

    private static List<Long> supplementalGroups(PodSecurityContext context) {
        Set<Long> groups = new LinkedHashSet<>();
        if (context.getFsGroup() != null) {
            groups.add(context.getFsGroup());
        }
        groups.addAll(context.getSupplementalGroups());
        return List.copyOf(groups);
    }

    /** Names without the prefix that Docker and CRI do not have. */
    private static List<String> normalized(List<String> capabilities) {
        return capabilities.stream()
                .map(c -> c.toUpperCase(Locale.ROOT))
                .map(c -> c.startsWith("CAP_") ? c.substring("CAP_".length()) : c)
                .toList();
    }

    private String seccomp(PodSecurityContext podContext, SecurityContext context) {
        SeccompProfile profile = or(context.getSeccompProfile(), podContext.getSeccompProfile());
        if (profile == null) {
            return settings.seccompDefault() ? RUNTIME_DEFAULT : UNCONFINED;
        }
        return switch (profile.getType()) {
            case RUNTIME_DEFAULT, UNCONFINED -> profile.getType();
            case LOCALHOST -> localhostSeccomp(profile.getLocalhostProfile());
            default ->
                    throw ConfigException.container(
                            "seccompProfile.type: %s is not known".formatted(profile.getType()));
        };
    }

    private String localhostSeccomp(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw ConfigException.container(
                    "localhostProfile must be set if seccompProfile type is Localhost.");
        }
        if (!info.features().contains(EngineInfo.Feature.SECCOMP)) {
            throw ConfigException.container(
                    "seccompProfile: this host cannot enforce seccomp profiles");
        }
        String text = settings.seccompProfiles().get(name);
        if (text == null) {
            throw ConfigException.container(
                    "seccompProfile.localhostProfile: this node has no profile \"%s\""
                            .formatted(name));
        }
        return text;
    }

    private String apparmor(
            Pod pod, Container container, PodSecurityContext podContext, SecurityContext context) {
        String profile = apparmorProfile(pod, container, podContext, context);
        boolean asked = profile != null && !profile.equals("unconfined");
        if (asked && !info.features().contains(EngineInfo.Feature.APPARMOR)) {
            throw ConfigException.container(
                    "Cannot enforce AppArmor: AppArmor is not enabled on the host");
        }
        boolean onHost = info.features().contains(EngineInfo.Feature.APPARMOR);
        return profile == null || !onHost ? "" : profile;
    }

    /** The profile's name, empty for the runtime's default, null where none is asked for. */
    private static @Nullable String apparmorProfile(
            Pod pod, Container container, PodSecurityContext podContext, SecurityContext context) {
        AppArmorProfile profile = or(context.getAppArmorProfile(), podContext.getAppArmorProfile());
        if (profile != null) {
            return switch (profile.getType()) {
                case RUNTIME_DEFAULT -> "";
                case UNCONFINED -> "unconfined";
                case LOCALHOST -> String.valueOf(profile.getLocalhostProfile());
                default ->
                        throw ConfigException.container(
                                "appArmorProfile.type: %s is not known"
                                        .formatted(profile.getType()));
            };
        }
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String old =
                annotations == null
                        ? null
                        : annotations.get(APPARMOR_ANNOTATION + container.getName());
        if (old == null || old.isEmpty() || old.equals("unconfined")) {
            return old == null || old.isEmpty() ? null : old;
        }
        if (old.equals("runtime/default")) {
            return "";
        }
        if (old.startsWith("localhost/")) {
            return old.substring("localhost/".length());
        }
        throw ConfigException.container("invalid AppArmor profile name: \"%s\"".formatted(old));
    }

    /** On a host without SELinux the options mean nothing, as on any such node. */
    private @Nullable SeLinux seLinux(@Nullable SELinuxOptions options) {
        if (options == null || !info.features().contains(EngineInfo.Feature.SELINUX)) {
            return null;
        }
        return new SeLinux(
                text(options.getUser()),
                text(options.getRole()),
                text(options.getType()),
                text(options.getLevel()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static @Nullable Long number(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
        return first == null ? second : first;
    }
}
