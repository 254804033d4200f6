package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.engine.desired.PodTranslator;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container of a pod's spec, of whichever of its lists.
 *
 * @param hash of what makes it another container when it changes
 * @param target whose PID namespace an ephemeral container joins, or null
 */
public record Member(Container spec, ContainerKind kind, String hash, @Nullable String target) {

    /** All of a pod: init containers first, ephemeral ones last, each in the spec's order. */
    public static List<Member> of(PodSpec pod) {
        List<Member> members = new ArrayList<>();
        for (Container spec : pod.getInitContainers()) {
            members.add(member(spec, ContainerKind.INIT, null));
        }
        for (Container spec : pod.getContainers()) {
            members.add(member(spec, ContainerKind.APP, null));
        }
        for (EphemeralContainer spec : pod.getEphemeralContainers()) {
            members.add(
                    member(plain(spec), ContainerKind.EPHEMERAL, spec.getTargetContainerName()));
        }
        return List.copyOf(members);
    }

    public String name() {
        return spec.getName();
    }

    /** An init container that stays: a native sidecar. */
    public boolean sidecar() {
        return kind == ContainerKind.INIT && "Always".equals(spec.getRestartPolicy());
    }

    public @Nullable LifecycleHandler postStart() {
        return spec.getLifecycle() == null ? null : spec.getLifecycle().getPostStart();
    }

    public @Nullable LifecycleHandler preStop() {
        return spec.getLifecycle() == null ? null : spec.getLifecycle().getPreStop();
    }

    /** For an event's involvedObject. */
    public String fieldPath() {
        return fieldPath(kind, name());
    }

    /** For an event's involvedObject. */
    public static String fieldPath(ContainerKind kind, String name) {
        String list =
                switch (kind) {
                    case INIT -> "spec.initContainers";
                    case APP -> "spec.containers";
                    case EPHEMERAL -> "spec.ephemeralContainers";
                };
        return list + "{" + name + "}";
    }

    private static Member member(Container spec, ContainerKind kind, @Nullable String target) {
        return new Member(spec, kind, PodTranslator.hash(spec), target);
    }

    private static Container plain(EphemeralContainer spec) {
        return new ContainerBuilder()
                .withName(spec.getName())
                .withImage(spec.getImage())
                .withImagePullPolicy(spec.getImagePullPolicy())
                .withCommand(spec.getCommand())
                .withArgs(spec.getArgs())
                .withEnv(spec.getEnv())
                .withEnvFrom(spec.getEnvFrom())
                .withWorkingDir(spec.getWorkingDir())
                .withVolumeMounts(spec.getVolumeMounts())
                .withVolumeDevices(spec.getVolumeDevices())
                .withSecurityContext(spec.getSecurityContext())
                .withResources(spec.getResources())
                .withStdin(spec.getStdin())
                .withStdinOnce(spec.getStdinOnce())
                .withTty(spec.getTty())
                .withTerminationMessagePath(spec.getTerminationMessagePath())
                .withTerminationMessagePolicy(spec.getTerminationMessagePolicy())
                .build();
    }
}
