package dev.burstlet.engine;

import dev.burstlet.engine.execute.Job;
import dev.burstlet.engine.observe.Scope;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.Situation;
import dev.burstlet.pod.PodEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pod's work in flight: each action on a virtual thread of its own, its end in a letter. */
final class Background {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private static final Duration GIVEN_UP_PAUSE = Duration.ofMillis(20);

    private final Pods pods;
    private final Mailbox<Letter> mailbox;
    private final Map<String, Thread> threads = new ConcurrentHashMap<>();

    Background(Pods pods, Mailbox<Letter> mailbox) {
        this.pods = pods;
        this.mailbox = mailbox;
    }

    void begin(List<Action> actions, Situation situation, PodMemory memory) {
        for (Action action : actions) {
            switch (action) {
                case Action.Tell tell -> tell(tell, situation);
                case Action.Cancel cancel -> cancel(cancel.key());
                default -> begin(action, situation, memory);
            }
        }
    }

    /** Gives everything up. */
    void close() {
        threads.values().forEach(Thread::interrupt);
    }

    private void begin(Action action, Situation situation, PodMemory memory) {
        Thread thread =
                Thread.ofVirtual()
                        .name(action.key())
                        .unstarted(() -> run(action, situation, memory));
        threads.put(action.key(), thread);
        thread.start();
    }

    private void run(Action action, Situation situation, PodMemory memory) {
        pods.log().about(situation.key());
        @Nullable UnaryOperator<PodMemory> change = null;
        Instant begun = pods.clock().instant();
        try {
            Job job = new Job(situation, memory, pods.clock(), pods::event);
            change = pods.executor().execute(action, job);
        } catch (InterruptedException e) {
            LOG.debug("{} of {} given up", action.key(), situation.key());
            pause();
        } catch (RuntimeException e) {
            LOG.error("{} of {}: defect", action.key(), situation.key(), e);
            change = Defects.setback(action, e, situation);
        } finally {
            threads.remove(action.key());
            Instant ended = pods.clock().instant();
            LOG.debug("{}: {} ms", action.key(), Duration.between(begun, ended).toMillis());
            pods.meter().acted(situation.key(), action.key(), begun, ended);
            mailbox.post(new Letter.Done(action.key(), change, changes(action, situation)));
        }
    }

    /**
     * A plan that begins and cancels the same action again and again would otherwise turn round as
     * fast as the processor does, and keep all others from it.
     */
    private static void pause() {
        try {
            Thread.sleep(GIVEN_UP_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(String key) {
        Thread thread = threads.get(key);
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void tell(Action.Tell tell, Situation situation) {
        pods.event(
                new PodEvent(
                        situation.key(),
                        tell.type(),
                        tell.reason(),
                        tell.message(),
                        tell.fieldPath(),
                        situation.now()));
    }

    /** Whether it is over soon after the engine tells of it. */
    static boolean brief(Action action) {
        return switch (action) {
            case Action.StartSandbox _,
                    Action.StopSandbox _,
                    Action.RemoveSandbox _,
                    Action.StartContainer _,
                    Action.StopContainer _,
                    Action.RemoveContainer _,
                    Action.RemovePod _,
                    Action.ClearPod _ ->
                    true;
            default -> false;
        };
    }

    /** What may look different on the engine after it; null where nothing does. */
    private static @Nullable Scope changes(Action action, Situation situation) {
        return switch (action) {
            case Action.Publish _,
                    Action.FetchImage _,
                    Action.RunPostStart _,
                    Action.RunPreStop _,
                    Action.ReadMessage _,
                    Action.Tell _,
                    Action.Cancel _ ->
                    null;
            // Only we make containers: where there was none, there is nothing else to have changed.
            case Action.StartSandbox _ -> fresh(situation) ? Scope.SANDBOXES : Scope.ALL;
            case Action.StartContainer _ -> fresh(situation) ? Scope.CONTAINERS : Scope.ALL;
            case Action.StopSandbox _,
                    Action.RemoveSandbox _,
                    Action.StopContainer _,
                    Action.RemoveContainer _,
                    Action.Resize _,
                    Action.RemovePod _,
                    Action.ClearPod _ ->
                    Scope.ALL;
        };
    }

    private static boolean fresh(Situation situation) {
        return situation.observed().containers().isEmpty();
    }
}
