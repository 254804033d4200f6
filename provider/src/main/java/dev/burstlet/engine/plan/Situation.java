package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a plan or a status is computed from, but for what is remembered.
 *
 * @param bundle what is wanted, or null for a pod known by its labels only
 * @param revision of the bundle's contents: it rises when anything but the status changed
 * @param members the bundle's containers
 * @param health by container id, of the running ones
 * @param limits that each container is to have, by name; empty while they are not known
 * @param previous the status told last, or the API server's, or an empty one
 * @param acceptedAt the pod's startTime
 * @param held why new requests wait, while bundle, members and limits are of those before; or null
 */
public record Situation(
        PodKey key,
        @Nullable PodBundle bundle,
        long revision,
        List<Member> members,
        Observed observed,
        Map<String, Health> health,
        Map<String, Resources> limits,
        PodStatus previous,
        Instant acceptedAt,
        BackOffRules rules,
        Instant now,
        @Nullable Held held) {

    /**
     * A resize that waits.
     *
     * @param reason of the condition PodResizePending: Deferred or Infeasible
     */
    public record Held(String reason, String message) {}

    /** A pod whose requests have room. */
    public Situation(
            PodKey key,
            @Nullable PodBundle bundle,
            long revision,
            List<Member> members,
            Observed observed,
            Map<String, Health> health,
            Map<String, Resources> limits,
            PodStatus previous,
            Instant acceptedAt,
            BackOffRules rules,
            Instant now) {
        this(
                key,
                bundle,
                revision,
                members,
                observed,
                health,
                limits,
                previous,
                acceptedAt,
                rules,
                now,
                null);
    }

    /** The spec of a pod that has a bundle. */
    public PodSpec spec() {
        if (bundle == null) {
            throw new IllegalStateException("no bundle of " + key);
        }
        return bundle.pod().getSpec();
    }

    public List<Member> members(ContainerKind kind) {
        List<Member> of = new ArrayList<>(members.size());
        for (Member member : members) {
            if (member.kind() == kind) {
                of.add(member);
            }
        }
        return of;
    }

    public Optional<Member> member(String name) {
        return members.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    public Health health(String containerId) {
        return health.getOrDefault(containerId, Health.UNKNOWN);
    }

    /** Whether the API server has the pod as ended: it is never started again. */
    public boolean ended() {
        return ended(previous);
    }

    /** Whether a status is that of a pod that has ended. */
    public static boolean ended(PodStatus status) {
        return "Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase());
    }

    /** A container's newest instance if it counts: in the newest sandbox, of the newest round. */
    public Optional<ContainerStatus> current(String name) {
        Instant round = RestartRules.roundBegan(this);
        return observed.current(name).filter(c -> c.createdAt().isAfter(round));
    }

    /** Whether a main container has been made in the newest sandbox. */
    public boolean initialized() {
        return members(ContainerKind.APP).stream().anyMatch(m -> current(m.name()).isPresent());
    }

    /** terminationGracePeriodSeconds; that of a label where there is no bundle. */
    public Duration grace() {
        if (bundle != null) {
            @Nullable Long seconds = spec().getTerminationGracePeriodSeconds();
            return Duration.ofSeconds(seconds == null ? 30 : Math.max(seconds, 1));
        }
        return observed.containers().stream()
                .map(c -> c.labels().get(Labels.GRACE_PERIOD))
                .filter(label -> label != null && label.matches("[0-9]{1,9}"))
                .findFirst()
                .map(label -> Duration.ofSeconds(Long.parseLong(label)))
                .orElse(Duration.ofSeconds(30));
    }

    /** Whether an instance was made from another name or image than the spec has now. */
    public static boolean changed(Member member, ContainerStatus instance) {
        @Nullable String hash = instance.labels().get(Labels.HASH);
        return hash != null && !hash.equals(member.hash());
    }

    /** The API server's word on a container, if it has one. */
    public Optional<io.fabric8.kubernetes.api.model.ContainerStatus> previous(Member member) {
        List<io.fabric8.kubernetes.api.model.ContainerStatus> statuses =
                switch (member.kind()) {
                    case INIT -> previous.getInitContainerStatuses();
                    case APP -> previous.getContainerStatuses();
                    case EPHEMERAL -> previous.getEphemeralContainerStatuses();
                };
        for (io.fabric8.kubernetes.api.model.ContainerStatus status : statuses) {
            if (status.getName().equals(member.name())) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    /** The attempt of a container's next instance: one more than all that ever were. */
    public int nextAttempt(Member member, ContainerMemory memory) {
        int seen = observed.newest(member.name()).map(ContainerStatus::attempt).orElse(-1);
        return Math.max(Math.max(seen, memory.highestAttempt()), lastReported(member)) + 1;
    }

    /** The newest attempt that the API server was told of, -1 for none. */
    private int lastReported(Member member) {
        return previous(member)
                .map(s -> {
                    int count = s.getRestartCount() == null ? 0 : s.getRestartCount();
                    boolean existed = s.getContainerID() != null && !s.getContainerID().isEmpty();
                    return existed ? count : count - 1;
                })
                .orElse(-1);
    }
}
