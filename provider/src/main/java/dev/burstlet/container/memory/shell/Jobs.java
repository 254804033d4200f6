package dev.burstlet.container.memory.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The background jobs of a shell. */
final class Jobs {
    private static final int FIRST_PID = 100;

    private final Task task;
    private final List<Job> jobs = new ArrayList<>();

    Jobs(Task task) {
        this.task = task;
    }

    private record Job(int pid, Thread thread, AtomicBoolean done, AtomicInteger status) {}

    synchronized int start(IntSupplier body) {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger status = new AtomicInteger();
        Thread thread =
                task.start(() -> {
                    try {
                        status.set(body.getAsInt());
                    } finally {
                        done.set(true);
                        task.happened();
                    }
                });
        int pid = FIRST_PID + jobs.size();
        jobs.add(new Job(pid, thread, done, status));
        return pid;
    }

    /** Kills a job; false where there is none of that number. */
    boolean kill(int pid) {
        @Nullable Job job = find(pid);
        if (job == null) {
            return false;
        }
        job.thread().interrupt();
        return true;
    }

    private synchronized @Nullable Job find(int pid) {
        return jobs.stream().filter(job -> job.pid() == pid).findFirst().orElse(null);
    }

    private synchronized List<Job> all() {
        return List.copyOf(jobs);
    }

    /** Waits for one job, or for all with 0; a signal ends the wait. */
    int await(int pid) throws InterruptedException {
        @Nullable Job job = pid == 0 ? null : find(pid);
        if (pid != 0 && job == null) {
            return 127;
        }
        List<Job> awaited = job == null ? all() : List.of(job);
        task.await(() -> awaited.stream().allMatch(one -> one.done().get()));
        return job == null ? 0 : job.status().get();
    }
}
