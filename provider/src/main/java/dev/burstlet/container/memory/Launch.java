package dev.burstlet.container.memory;

import dev.burstlet.container.memory.file.Inode;
import dev.burstlet.container.memory.shell.BytePipe;
import dev.burstlet.container.memory.shell.Forever;
import dev.burstlet.container.memory.shell.Interpreter;
import dev.burstlet.container.memory.shell.Streams;
import dev.burstlet.container.memory.shell.Task;
import dev.burstlet.container.memory.shell.Vocabulary;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The start of a container's first process. */
final class Launch {
    private Launch() {}

    /** What runs: the spec's command and arguments, or the image's. */
    static List<String> command(MemoryContainer container) {
        List<String> command = new ArrayList<>();
        boolean own = !container.spec().command().isEmpty();
        command.addAll(own ? container.spec().command() : container.image().entrypoint());
        if (!container.spec().args().isEmpty()) {
            command.addAll(container.spec().args());
        } else if (!own) {
            command.addAll(container.image().command());
        }
        return command;
    }

    /** Whether it is a service of which nothing is known. */
    static boolean service(MemoryContainer container) {
        List<String> command = command(container);
        if (command.isEmpty() || container.host().options().runUnknown()) {
            return command.isEmpty() || !executable(container, command.getFirst());
        }
        return container.spec().command().isEmpty()
                && container.image().entrypoint().isEmpty()
                && container.image().command().isEmpty()
                && !executable(container, command.getFirst());
    }

    static boolean executable(MemoryContainer container, String name) {
        return Vocabulary.knows(name);
    }

    static void start(MemoryContainer container) {
        if (!container.begin()) {
            return;
        }
        try {
            run(container);
        } catch (IllegalArgumentException e) {
            // Half a start would be a container that nothing can end.
            container.failed(128, String.valueOf(e.getMessage()));
            throw new BackendException(Reason.CANNOT_RUN, String.valueOf(e.getMessage()), e);
        }
        container.host().events().changed(container.spec().pod().uid());
    }

    private static void run(MemoryContainer container) {
        List<String> command = command(container);
        boolean service = service(container);
        if (!service && !executable(container, command.getFirst())) {
            throw cannotRun(container, command.getFirst());
        }
        workingDirectory(container);
        boolean first =
                !container.sandbox().spec().namespaces().sharePid()
                        && container.spec().targetContainerId() == null;
        int pid = first ? 1 : container.sandbox().nextPid();
        Optional<Duration> wait = service ? Optional.of(Forever.DURATION) : Forever.of(command);
        if (wait.isPresent()) {
            container.playedBy(Running.Waiting.start(pid, container, service, wait.get()));
        } else {
            shell(container, new Task(pid, pid == 1, container.spec().tty()), command);
        }
    }

    private static BackendException cannotRun(MemoryContainer container, String name) {
        String message = "exec: \"" + name + "\": executable file not found in $PATH: unknown";
        container.failed(128, message);
        return new BackendException(Reason.CANNOT_RUN, message);
    }

    /** A working directory that is missing is made, as runtimes do. */
    private static void workingDirectory(MemoryContainer container) {
        String wanted = container.spec().workingDir();
        if (wanted.isEmpty() || wanted.equals("/")) {
            return;
        }
        if (!wanted.startsWith("/")) {
            String message = "the working directory '" + wanted + "' is not an absolute path";
            container.failed(128, message);
            throw new BackendException(Reason.CANNOT_RUN, message);
        }
        @Nullable Inode there = container.surroundings().files().find(wanted).orElse(null);
        try {
            if (there == null) {
                container.surroundings().files().ensureDirectory(wanted, 0755);
            }
        } catch (java.io.IOException e) {
            container.failed(128, "working directory: " + e.getMessage());
            throw new BackendException(
                    Reason.CANNOT_RUN, "working directory: " + e.getMessage(), e);
        }
    }

    private static void shell(MemoryContainer container, Task task, List<String> command) {
        OutputStream out = new Output(container, false);
        OutputStream err = container.spec().tty() ? out : new Output(container, true);
        @Nullable BytePipe stdin = container.stdin();
        Streams io =
                new Streams(
                        stdin == null ? InputStream.nullInputStream() : stdin.reader(), out, err);
        container.playedBy(new Running.Shell(task));
        Surroundings world = container.surroundings();
        task.start(() -> {
            int code = 255;
            try {
                code =
                        Interpreter.run(
                                task, world, io, command, world.environment(), world.directory());
            } finally {
                container.ended(code, task.killedBy());
            }
        });
    }
}
