package dev.burstlet.engine.desired;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.pod.PodResources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Views of a pod's spec: its containers with their kinds, policies and sums. */
public final class PodSpecs {
    public static final String ALWAYS = "Always";
    public static final String ON_FAILURE = "OnFailure";
    public static final String NEVER = "Never";

    /** Where a container writes its last words unless it says otherwise. */
    public static final String TERMINATION_LOG = "/dev/termination-log";

    private static final long DEFAULT_GRACE_PERIOD_SECONDS = 30;

    private PodSpecs() {}

    /**
     * One container of a pod.
     *
     * @param spec an ephemeral container's too
     * @param sidecar an init container that goes on running
     * @param restartPolicy the one in effect: Always, OnFailure or Never
     * @param targetContainerName of an ephemeral container, or null
     */
    public record Member(
            Container spec,
            ContainerKind kind,
            boolean sidecar,
            String restartPolicy,
            @Nullable String targetContainerName) {
        public String name() {
            return spec.getName();
        }
    }

    /** All containers: init in order, then the pod's, then ephemeral ones. */
    public static List<Member> members(PodSpec spec) {
        List<Member> members = new ArrayList<>();
        for (Container container : spec.getInitContainers()) {
            members.add(member(spec, container, ContainerKind.INIT, null));
        }
        for (Container container : spec.getContainers()) {
            members.add(member(spec, container, ContainerKind.APP, null));
        }
        for (EphemeralContainer container : spec.getEphemeralContainers()) {
            members.add(
                    member(
                            spec,
                            asContainer(container),
                            ContainerKind.EPHEMERAL,
                            container.getTargetContainerName()));
        }
        return List.copyOf(members);
    }

    /** The containers of one kind. */
    public static List<Member> members(PodSpec spec, ContainerKind kind) {
        return members(spec).stream().filter(m -> m.kind() == kind).toList();
    }

    public static Optional<Member> find(PodSpec spec, String name) {
        return members(spec).stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** Whether an init container is a sidecar: it has restartPolicy Always. */
    public static boolean isRestartableInit(Container initContainer) {
        return PodResources.isSidecar(initContainer);
    }

    /** The pod's restart policy; Always unless it says otherwise. */
    public static String restartPolicy(PodSpec spec) {
        return spec.getRestartPolicy() == null ? ALWAYS : spec.getRestartPolicy();
    }

    /**
     * The restart policy in effect for a container: its own where it has one; an init container
     * that ended well is never run again, so the pod's Always means OnFailure to it; an ephemeral
     * container is never restarted.
     */
    public static String restartPolicy(PodSpec spec, Container container, ContainerKind kind) {
        if (kind == ContainerKind.EPHEMERAL) {
            return NEVER;
        }
        if (container.getRestartPolicy() != null) {
            return container.getRestartPolicy();
        }
        String policy = restartPolicy(spec);
        return kind == ContainerKind.INIT && policy.equals(ALWAYS) ? ON_FAILURE : policy;
    }

    public static long gracePeriodSeconds(PodSpec spec) {
        return spec.getTerminationGracePeriodSeconds() == null
                ? DEFAULT_GRACE_PERIOD_SECONDS
                : spec.getTerminationGracePeriodSeconds();
    }

    public static boolean hasPreStop(Container container) {
        Lifecycle lifecycle = container.getLifecycle();
        return lifecycle != null && lifecycle.getPreStop() != null;
    }

    public static String terminationMessagePath(Container container) {
        String path = container.getTerminationMessagePath();
        return path == null || path.isEmpty() ? TERMINATION_LOG : path;
    }

    /** File or FallbackToLogsOnError. */
    public static String terminationMessagePolicy(Container container) {
        String policy = container.getTerminationMessagePolicy();
        return policy == null || policy.isEmpty() ? "File" : policy;
    }

    /** The number that a probe or hook means by a port: itself, or the container port so named. */
    public static OptionalInt port(Container container, @Nullable IntOrString port) {
        if (port == null) {
            return OptionalInt.empty();
        }
        if (port.getIntVal() != null) {
            return OptionalInt.of(port.getIntVal());
        }
        String name = port.getStrVal();
        for (ContainerPort candidate : container.getPorts()) {
            if (candidate.getName() != null && candidate.getName().equals(name)) {
                return OptionalInt.of(candidate.getContainerPort());
            }
        }
        return number(name);
    }

    public static String qosClass(Pod pod) {
        return PodResources.qosClass(pod);
    }

    public static Map<String, Quantity> requests(PodSpec spec) {
        return PodResources.requests(spec);
    }

    public static Map<String, Quantity> limits(PodSpec spec) {
        return PodResources.limits(spec);
    }

    /** An ephemeral container as any other. */
    public static Container asContainer(EphemeralContainer e) {
        return new ContainerBuilder()
                .withName(e.getName())
                .withImage(e.getImage())
                .withImagePullPolicy(e.getImagePullPolicy())
                .withCommand(e.getCommand())
                .withArgs(e.getArgs())
                .withWorkingDir(e.getWorkingDir())
                .withPorts(e.getPorts())
                .withEnv(e.getEnv())
                .withEnvFrom(e.getEnvFrom())
                .withResources(e.getResources())
                .withVolumeMounts(e.getVolumeMounts())
                .withVolumeDevices(e.getVolumeDevices())
                .withLifecycle(e.getLifecycle())
                .withLivenessProbe(e.getLivenessProbe())
                .withReadinessProbe(e.getReadinessProbe())
                .withStartupProbe(e.getStartupProbe())
                .withResizePolicy(e.getResizePolicy())
                .withRestartPolicy(e.getRestartPolicy())
                .withRestartPolicyRules(e.getRestartPolicyRules())
                .withSecurityContext(e.getSecurityContext())
                .withStdin(e.getStdin())
                .withStdinOnce(e.getStdinOnce())
                .withTty(e.getTty())
                .withTerminationMessagePath(e.getTerminationMessagePath())
                .withTerminationMessagePolicy(e.getTerminationMessagePolicy())
                .build();
    }

    /** What makes a container another one when it changes: its name and its image. */
    static String hash(Container container) {
        String image = container.getImage() == null ? "" : container.getImage();
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    (container.getName() + '\0' + image)
                                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Member member(
            PodSpec spec, Container container, ContainerKind kind, @Nullable String target) {
        boolean sidecar = kind == ContainerKind.INIT && isRestartableInit(container);
        return new Member(container, kind, sidecar, restartPolicy(spec, container, kind), target);
    }

    private static OptionalInt number(@Nullable String text) {
        try {
            return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
