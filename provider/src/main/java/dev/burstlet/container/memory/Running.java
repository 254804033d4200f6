package dev.burstlet.container.memory;

import dev.burstlet.container.memory.shell.Signal;
import dev.burstlet.container.memory.shell.Task;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A container's first process. */
sealed interface Running {
    int pid();

    void signal(int number);

    /** One that is played by threads. */
    record Shell(Task task) implements Running {
        @Override
        public int pid() {
            return task.pid();
        }

        @Override
        public void signal(int number) {
            task.signal(number);
        }
    }

    /**
     * One that waits, and costs no thread.
     *
     * @param graceful it ends with 0 when it is told to, as a service does
     */
    record Waiting(int pid, MemoryContainer container, boolean graceful, @Nullable Future<?> timer)
            implements Running {
        static Waiting start(int pid, MemoryContainer container, boolean graceful, Duration time) {
            boolean ends = time.compareTo(Duration.ofDays(3650)) < 0;
            return new Waiting(
                    pid,
                    container,
                    graceful,
                    ends
                            ? container
                                    .host()
                                    .timer()
                                    .schedule(
                                            () -> container.ended(0, 0),
                                            time.toNanos(),
                                            TimeUnit.NANOSECONDS)
                            : null);
        }

        @Override
        public void signal(int number) {
            boolean asked = number == Signal.TERM || number == 2 || number == 3;
            if (number == Signal.KILL) {
                end(128 + number, number);
            } else if (graceful && asked) {
                end(0, 0);
            } else if (pid != 1 && Signal.endsByDefault(number)) {
                end(128 + number, number);
            }
        }

        private void end(int code, int signal) {
            if (timer != null) {
                timer.cancel(false);
            }
            container.ended(code, signal);
        }
    }
}
