package dev.burstlet.engine;

import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.InstanceMemory.PostStart;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.engine.plan.Situation;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of an action that failed by a defect of ours: enough that it is not repeated
 * in a busy loop, and that the pod's owner sees why it waits.
 */
final class Defects {
    private Defects() {}

    static UnaryOperator<PodMemory> setback(Action action, RuntimeException e, Situation s) {
        String message = "internal error: " + e;
        return switch (action) {
            case Action.StartContainer start -> container(start.name(), message, s);
            case Action.FetchImage fetch -> container(fetch.name(), message, s);
            case Action.StartSandbox _, Action.Publish _ ->
                    memory -> memory.sandboxSetBack(after(memory.sandboxSetback(), message, s));
            case Action.StopSandbox _,
                    Action.RemoveSandbox _,
                    Action.RemovePod _,
                    Action.ClearPod _ ->
                    memory -> memory.removalSetBack(after(memory.removalSetback(), message, s));
            case Action.RunPostStart hook ->
                    memory ->
                            memory.instance(hook.containerId(), i -> i.postStart(PostStart.FAILED));
            case Action.RunPreStop hook ->
                    memory ->
                            memory.instance(
                                    hook.containerId(),
                                    i ->
                                            i.killing() == null
                                                    ? i
                                                    : i.killing(i.killing().preStopped()));
            case Action.StopContainer stop ->
                    memory ->
                            memory.instance(
                                    stop.containerId(),
                                    i ->
                                            i.killing() == null
                                                    ? i
                                                    : i.killing(
                                                            i.killing()
                                                                    .failed(s.rules(), s.now())));
            case Action.ReadMessage read ->
                    memory -> memory.instance(read.container().id(), i -> i.said(""));
            case Action.Resize resize ->
                    memory ->
                            memory.instance(
                                    resize.containerId(),
                                    i -> i.resizeFailed(after(i.resizeFailure(), message, s)));
            case Action.RemoveContainer _, Action.Cancel _, Action.Tell _ -> memory -> memory;
        };
    }

    private static UnaryOperator<PodMemory> container(String name, String message, Situation s) {
        return memory -> memory.container(name, c -> c.setBack(after(c.setback(), message, s)));
    }

    private static Setback after(@Nullable Setback earlier, String message, Situation s) {
        return Setback.after(earlier, "InternalError", message, s.rules(), s.now(), s.revision());
    }
}
