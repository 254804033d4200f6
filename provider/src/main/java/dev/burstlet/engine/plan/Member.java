package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Labels;
import dev.burstlet.engine.desired.OrphanLabel;
import dev.burstlet.engine.desired.PodTranslator;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * Those of a pod that only the labels of its containers tell of. The order is that in which
     * they were made, so that sidecars end in reverse.
     */
    public static List<Member> ofLabels(Observed observed) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (ContainerStatus container : observed.containers()) {
            Container spec =
                    OrphanLabel.read(container.name(), container.labels().get(Labels.ORPHAN));
            members.putIfAbsent(container.name(), member(spec, container.kind(), null));
        }
        return members.values().stream()
                .sorted(Comparator.comparing(member -> createdAt(observed, member)))
                .toList();
    }

    private static Instant createdAt(Observed observed, Member member) {
        return observed.instances(member.name()).getLast().createdAt();
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
