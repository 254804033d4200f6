package dev.burstlet.engine;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.engine.plan.Health;
import dev.burstlet.engine.plan.InstanceMemory.PostStart;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.Observed;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.probe.ProbeSubject;
import dev.burstlet.engine.probe.ProbeSupervisor;
import dev.burstlet.engine.probe.ProbeVerdict;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Has one pod's running containers probed and says how they are. Used by its worker only. */
final class PodHealth {
    private final PodKey key;
    private final ProbeSupervisor probes;
    private List<ProbeSubject> subjects = List.of();
    private boolean terminating;

    PodHealth(PodKey key, ProbeSupervisor probes) {
        this.key = key;
        this.probes = probes;
    }

    /** The health of each running container, by its id. */
    Map<String, Health> of(
            List<Member> members,
            Observed observed,
            PodMemory memory,
            PodStatus previous,
            String podIp) {
        Map<String, Health> health = new HashMap<>();
        List<ProbeSubject> wanted = new ArrayList<>();
        for (Member member : members) {
            @Nullable ContainerStatus newest = observed.newest(member.name()).orElse(null);
            if (newest == null || !(newest.state() instanceof State.Running running)) {
                continue;
            }
            if (!probed(member)) {
                health.put(newest.id(), Health.GOOD);
            } else if (observed.readySandbox().isPresent()
                    && memory.instance(newest.id()).postStart() == PostStart.DONE) {
                wanted.add(subject(member, newest, running, previous, podIp));
            }
        }
        sync(wanted, memory);
        for (ProbeSubject subject : wanted) {
            ProbeVerdict verdict = probes.verdict(key, subject.container(), subject.containerId());
            health.put(subject.containerId(), health(verdict));
        }
        return health;
    }

    void end() {
        if (!subjects.isEmpty()) {
            subjects = List.of();
            probes.remove(key);
        }
    }

    private void sync(List<ProbeSubject> wanted, PodMemory memory) {
        if (!sameInstances(wanted)) {
            probes.sync(key, wanted);
            subjects = wanted;
        }
        if (memory.ending() != null && !terminating) {
            terminating = true;
            probes.terminating(key);
        }
    }

    /** What a subject was before counts only when it is new. */
    private boolean sameInstances(List<ProbeSubject> wanted) {
        if (wanted.size() != subjects.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            ProbeSubject one = wanted.get(i);
            ProbeSubject other = subjects.get(i);
            if (!one.containerId().equals(other.containerId())
                    || !one.spec().equals(other.spec())
                    || !one.podIp().equals(other.podIp())) {
                return false;
            }
        }
        return true;
    }

    private static boolean probed(Member member) {
        Container spec = member.spec();
        boolean kind = member.kind() == ContainerKind.APP || member.sidecar();
        return kind
                && (spec.getLivenessProbe() != null
                        || spec.getReadinessProbe() != null
                        || spec.getStartupProbe() != null);
    }

    private static ProbeSubject subject(
            Member member,
            ContainerStatus container,
            State.Running running,
            PodStatus previous,
            String podIp) {
        boolean wasReady = false;
        boolean wasStarted = false;
        for (io.fabric8.kubernetes.api.model.ContainerStatus status :
                Stream.concat(
                                previous.getContainerStatuses().stream(),
                                previous.getInitContainerStatuses().stream())
                        .toList()) {
            if (status.getName().equals(member.name())
                    && status.getContainerID() != null
                    && status.getContainerID().endsWith(container.id())) {
                wasReady = Boolean.TRUE.equals(status.getReady());
                wasStarted = Boolean.TRUE.equals(status.getStarted());
            }
        }
        return new ProbeSubject(
                member.name(),
                container.id(),
                container.sandboxId(),
                running.startedAt(),
                podIp,
                member.spec(),
                wasReady,
                wasStarted);
    }

    private static Health health(ProbeVerdict verdict) {
        @Nullable String failed = verdict.failedProbe();
        String failure =
                failed == null ? null : "failed " + failed.toLowerCase(Locale.ROOT) + " probe";
        return new Health(verdict.started(), verdict.ready(), failure, verdict.graceSeconds());
    }
}
