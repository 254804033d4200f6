package dev.burstlet.container.memory.shell;

import dev.burstlet.pod.ProcessIo.TerminalSize;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A running process and the threads that play it: its signals and its end. */
public final class Task {
    private final boolean init;
    private final int pid;
    private final boolean tty;
    private final Map<Integer, String> traps = new HashMap<>();
    private final Queue<Integer> pending = new ArrayDeque<>();
    private final Set<Thread> threads = new HashSet<>();
    private int killedBy;
    private TerminalSize size = new TerminalSize(80, 24);

    /**
     * @param init the first process of a PID namespace: a signal without a handler does nothing
     */
    public Task(int pid, boolean init, boolean tty) {
        this.pid = pid;
        this.init = init;
        this.tty = tty;
    }

    public int pid() {
        return pid;
    }

    boolean tty() {
        return tty;
    }

    public synchronized void resize(TerminalSize next) {
        size = next;
    }

    synchronized TerminalSize size() {
        return size;
    }

    /** Delivers a signal. */
    public synchronized void signal(int number) {
        @Nullable String trap = traps.get(number);
        if (number == Signal.KILL) {
            die(number);
        } else if (trap != null) {
            if (!trap.isEmpty()) {
                pending.add(number);
                notifyAll();
            }
        } else if (!init && Signal.endsByDefault(number)) {
            die(number);
        }
    }

    private void die(int number) {
        if (killedBy == 0) {
            killedBy = number;
            threads.forEach(Thread::interrupt);
            notifyAll();
        }
    }

    /** The signal that ended it, or 0. */
    public synchronized int killedBy() {
        return killedBy;
    }

    synchronized void trap(int number, @Nullable String action) {
        if (action == null) {
            traps.remove(number);
        } else {
            traps.put(number, action);
        }
    }

    synchronized @Nullable String trapOf(int number) {
        return traps.get(number);
    }

    /** The action of the next signal that has come, or null. */
    synchronized @Nullable String nextTrap() {
        @Nullable Integer number = pending.poll();
        return number == null ? null : traps.getOrDefault(number, "");
    }

    synchronized boolean interrupted() {
        return killedBy != 0 || !pending.isEmpty();
    }

    /** Waits for anything to happen: a signal, or the end of a background job. */
    synchronized void await(java.util.function.BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean() && !interrupted()) {
            wait();
        }
    }

    synchronized void happened() {
        notifyAll();
    }

    /** Starts a thread that ends with the task. */
    public Thread start(Runnable body) {
        Thread thread =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            try {
                                body.run();
                            } finally {
                                left(Thread.currentThread());
                            }
                        });
        synchronized (this) {
            threads.add(thread);
            thread.start();
            if (killedBy != 0) {
                thread.interrupt();
            }
        }
        return thread;
    }

    private synchronized void left(Thread thread) {
        threads.remove(thread);
        notifyAll();
    }

    /** Ends the threads of background jobs when the process has ended. */
    public synchronized void finish() {
        threads.forEach(thread -> {
            if (!thread.equals(Thread.currentThread())) {
                thread.interrupt();
            }
        });
    }
}
