package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.engine.TestPods;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** One situation of a pod, put together step by step, and what is planned in it. */
public final class PlanCase {
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private PodBundle bundle;
    private final List<SandboxStatus> sandboxes = new ArrayList<>();
    private final List<ContainerStatus> containers = new ArrayList<>();
    private final Map<String, Health> health = new HashMap<>();
    private final Map<String, Resources> limits = new HashMap<>();
    private PodMemory memory = PodMemory.EMPTY;
    private PodStatus previous = new PodStatus();
    private Instant now = NOW;
    private long revision = 1;

    private PlanCase(PodBundle bundle) {
        this.bundle = bundle;
    }

    public static PlanCase of(Pod pod) {
        return new PlanCase(TestPods.bundle(pod));
    }

    public PlanCase spec(UnaryOperator<PodSpecBuilder> change) {
        Pod pod =
                new PodBuilder(bundle.pod())
                        .withSpec(change.apply(new PodSpecBuilder(bundle.pod().getSpec())).build())
                        .build();
        bundle = PodBundle.of(++revision, pod, bundle.node());
        return this;
    }

    public PlanCase pod(UnaryOperator<PodBuilder> change) {
        bundle =
                PodBundle.of(
                        ++revision,
                        change.apply(new PodBuilder(bundle.pod())).build(),
                        bundle.node());
        return this;
    }

    /** A running sandbox whose contents are published. */
    public PlanCase sandbox(int attempt) {
        sandbox(attempt, true);
        memory = memory.published(new PodMemory.Published("s" + attempt, Long.MAX_VALUE, Map.of()));
        return this;
    }

    public PlanCase sandbox(int attempt, boolean ready) {
        sandboxes.add(
                new SandboxStatus(
                        "s" + attempt,
                        key(),
                        attempt,
                        ready,
                        NOW.minusSeconds(1000),
                        ready ? List.of("10.0.0.5") : List.of(),
                        Map.of()));
        return this;
    }

    public PlanCase running(String name) {
        return running(name, 0);
    }

    public PlanCase running(String name, int attempt) {
        health.put(id(name, attempt), Health.GOOD);
        return container(name, attempt, new State.Running(NOW.minusSeconds(500)));
    }

    public PlanCase created(String name) {
        return container(name, 0, new State.Created());
    }

    public PlanCase exited(String name, int code) {
        return exited(name, 0, code, Duration.ofSeconds(1));
    }

    public PlanCase exited(String name, int attempt, int code, Duration ago) {
        memory = memory.instance(id(name, attempt), i -> i.said(""));
        return container(
                name,
                attempt,
                new State.Exited(
                        code,
                        0,
                        code == 0 ? "Completed" : "Error",
                        "",
                        NOW.minusSeconds(500),
                        now.minus(ago)));
    }

    private PlanCase container(String name, int attempt, State state) {
        Member member =
                Member.of(bundle.pod().getSpec()).stream()
                        .filter(m -> m.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        String sandbox = sandboxes.isEmpty() ? "s0" : sandboxes.getLast().id();
        containers.add(
                new ContainerStatus(
                        id(name, attempt),
                        key(),
                        sandbox,
                        name,
                        member.kind(),
                        attempt,
                        String.valueOf(member.spec().getImage()),
                        "sha256:1",
                        NOW.minusSeconds(501 - attempt),
                        state,
                        Resources.NONE,
                        null,
                        Map.of(Labels.HASH, member.hash())));
        return this;
    }

    public PlanCase health(String name, Health verdict) {
        health.put(id(name, 0), verdict);
        return this;
    }

    public PlanCase limits(String name, Resources resources) {
        limits.put(name, resources);
        return this;
    }

    public PlanCase memory(UnaryOperator<PodMemory> change) {
        memory = change.apply(memory);
        return this;
    }

    public PlanCase previous(PodStatus status) {
        previous = status;
        return this;
    }

    public PlanCase now(Instant time) {
        now = time;
        return this;
    }

    public Situation situation() {
        return new Situation(
                key(),
                bundle,
                revision,
                Member.of(bundle.pod().getSpec()),
                new Observed(sandboxes, containers),
                health,
                limits,
                previous,
                NOW.minusSeconds(600),
                BackOffRules.KUBELET,
                now);
    }

    public PodMemory memory() {
        return memory;
    }

    public Plan plan() {
        return PodPlan.of(situation(), memory);
    }

    /** What is planned, in short: the keys of actions, the reasons of events. */
    public List<String> steps() {
        return plan().actions().stream().map(PlanCase::word).toList();
    }

    private static String word(Action action) {
        return switch (action) {
            case Action.Tell tell -> "tell " + tell.reason();
            case Action.Cancel cancel -> "cancel " + cancel.key();
            case Action.StartContainer start -> "start " + start.name() + " " + start.attempt();
            case Action.StopContainer stop ->
                    "stop " + stop.name() + " " + stop.grace().toSeconds() + "s";
            case Action.RunPreStop hook -> "pre-stop " + hook.name();
            case Action.RunPostStart hook -> "post-start " + hook.name();
            case Action.StartSandbox start -> "sandbox " + start.attempt();
            default -> action.key();
        };
    }

    public static String id(String name, int attempt) {
        return name + "-" + attempt;
    }

    private PodKey key() {
        return bundle.key();
    }

    public static ContainerKind kind(Member member) {
        return member.kind();
    }
}
