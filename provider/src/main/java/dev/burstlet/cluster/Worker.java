package dev.burstlet.cluster;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is to be brought into its wanted state, again and again: a poke makes its step run
 * once more, never twice at a time; pokes during a run are one more run. A step that throws is
 * repeated with a growing pause until it succeeds; a poke does not wait for the pause. Costs no
 * thread while there is nothing to do.
 */
public final class Worker implements AutoCloseable {
    private final Background background;
    private final Backoff backoff;
    private final Step step;
    private final BiConsumer<Exception, Duration> failed;
    private State state = State.IDLE;
    private Background.@Nullable Alarm alarm;

    /**
     * @param failed told what a step threw and after which pause it is repeated
     */
    public Worker(
            Background background,
            Backoff backoff,
            Step step,
            BiConsumer<Exception, Duration> failed) {
        this.background = background;
        this.backoff = backoff;
        this.step = step;
        this.failed = failed;
    }

    /** A look at how things are and what is to be done about it. */
    @FunctionalInterface
    public interface Step {
        /** Returns after which time to run again without a poke, or null for never. */
        @Nullable Duration run() throws Exception;
    }

    private enum State {
        IDLE,
        QUEUED,
        RUNNING,
        RUNNING_AND_POKED,
        CLOSED
    }

    /** Lets the step run, at once or after the run that is under way. */
    public synchronized void poke() {
        switch (state) {
            case IDLE -> {
                state = State.QUEUED;
                cancelAlarm();
                background.run(this::run);
            }
            case RUNNING -> state = State.RUNNING_AND_POKED;
            case QUEUED, RUNNING_AND_POKED, CLOSED -> {}
        }
    }

    /** Starts no further run; one that is under way ends by itself. */
    @Override
    public synchronized void close() {
        state = State.CLOSED;
        cancelAlarm();
    }

    private void run() {
        if (!enter(State.QUEUED, State.RUNNING)) {
            return;
        }
        Duration again = null;
        try {
            again = step.run();
            backoff.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (Exception e) {
            again = backoff.next();
            failed.accept(e, again);
        }
        leave(again);
    }

    private synchronized boolean enter(State from, State to) {
        if (state != from) {
            return false;
        }
        state = to;
        return true;
    }

    private synchronized void leave(@Nullable Duration again) {
        switch (state) {
            case RUNNING_AND_POKED -> {
                state = State.QUEUED;
                background.run(this::run);
            }
            case RUNNING -> {
                state = State.IDLE;
                if (again != null) {
                    alarm = background.runAfter(again, this::poke);
                }
            }
            case IDLE, QUEUED, CLOSED -> {}
        }
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
