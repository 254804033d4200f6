package dev.burstlet.engine.execute;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.hook.HookRunner;
import dev.burstlet.engine.image.ImageSupply;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Carries out actions. A failure is part of the outcome: every action returns what is to be
 * remembered of it, and throws only when it was interrupted or on a defect of ours.
 */
public final class Executor {
    private final SandboxWork sandboxes;
    private final StartWork starts;
    private final ContainerWork containers;
    private final HookWork hooks;
    private final MessageWork messages;

    /**
     * @param translator of pods for the engine as it is now; throws a BackendException while the
     *     engine has not told what it is
     * @param running the bundles of the pods that have a sandbox; empty for those found without
     */
    public Executor(
            ContainerEngine engine,
            Owner owner,
            Supplier<PodTranslator> translator,
            ImageSupply images,
            HookRunner hooks,
            Supplier<List<Optional<PodBundle>>> running) {
        ImageVolumes volumes = new ImageVolumes(images);
        this.sandboxes = new SandboxWork(engine, owner, translator, new SinglePodVolumes(running));
        this.starts = new StartWork(engine, translator, images, volumes);
        this.containers = new ContainerWork(engine, owner, translator);
        this.hooks = new HookWork(hooks);
        this.messages = new MessageWork(engine);
    }

    /** Carries out one action on the calling thread and returns what to remember of it. */
    public UnaryOperator<PodMemory> execute(Action action, Job job) throws InterruptedException {
        return switch (action) {
            case Action.StartSandbox start -> sandboxes.start(start, job);
            case Action.StopSandbox stop -> sandboxes.stop(stop, job);
            case Action.RemoveSandbox remove -> sandboxes.remove(remove, job);
            case Action.RemovePod _ -> sandboxes.removePod(job);
            case Action.ClearPod _ -> sandboxes.clearPod(job);
            case Action.Publish publish -> sandboxes.publish(publish, job);
            case Action.FetchImage fetch -> starts.fetch(fetch, job);
            case Action.StartContainer start -> starts.start(start, job);
            case Action.RunPostStart hook -> hooks.postStart(hook, job);
            case Action.RunPreStop hook -> hooks.preStop(hook, job);
            case Action.StopContainer stop -> containers.stop(stop, job);
            case Action.RemoveContainer remove -> containers.remove(remove, job);
            case Action.Resize resize -> containers.resize(resize, job);
            case Action.ReadMessage read -> messages.read(read, job);
            case Action.Cancel _, Action.Tell _ ->
                    throw new IllegalArgumentException("not work: " + action);
        };
    }
}
