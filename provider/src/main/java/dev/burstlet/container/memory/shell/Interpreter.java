package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.shell.Script.Redirect;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs scripts and commands on the calling thread. */
public final class Interpreter {
    private final Task task;
    private final World world;
    private final Scope scope;
    private final Jobs jobs;

    private Interpreter(Task task, World world, Scope scope, Jobs jobs) {
        this.task = task;
        this.world = world;
        this.scope = scope;
        this.jobs = jobs;
    }

    /**
     * Runs a command to its end.
     *
     * @return the exit code; 128 and the signal's number where one ended it
     */
    public static int run(
            Task task,
            World world,
            Streams io,
            List<String> command,
            Map<String, String> environment,
            String directory) {
        Scope scope = new Scope(environment, command, directory);
        Interpreter shell = new Interpreter(task, world, scope, new Jobs(task));
        int code = shell.runToEnd(command, io);
        return task.killedBy() == 0 ? code : 128 + task.killedBy();
    }

    private int runToEnd(List<String> command, Streams io) {
        try {
            return execute(command, io);
        } catch (Jump jump) {
            return trapExit(jump.kind() == Jump.Kind.EXIT ? jump.code() : scope.status(), io);
        } catch (InterruptedException | InterruptedIOException e) {
            return 128 + Signal.KILL;
        } catch (IOException e) {
            return 1;
        } finally {
            task.finish();
        }
    }

    private int trapExit(int code, Streams io) {
        @Nullable String action = task.trapOf(0);
        if (action == null || action.isEmpty()) {
            return code;
        }
        task.trap(0, null);
        try {
            run(Parser.parse(action), io);
            return code;
        } catch (Jump jump) {
            return jump.code();
        } catch (InterruptedException | IOException e) {
            return code;
        }
    }

    World world() {
        return world;
    }

    Scope scope() {
        return scope;
    }

    Task task() {
        return task;
    }

    Jobs jobs() {
        return jobs;
    }

    private Interpreter subshell() {
        return new Interpreter(task, world, scope.copy(), jobs);
    }

    /** Runs a script in this shell; what it sets stays. */
    int run(Script script, Streams io) throws IOException, InterruptedException {
        if (task.killedBy() != 0 || Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        int status =
                switch (script) {
                    case Script.Sequence sequence -> sequence(sequence, io);
                    case Script.Background background -> background(background.body(), io);
                    case Script.Either either -> either(either, io);
                    case Script.Pipeline pipeline -> pipeline(pipeline, io);
                    case Script.Simple simple -> simple(simple, io);
                    case Script.Group group -> group(group, io);
                    case Script.Condition condition -> condition(condition, io);
                    case Script.Loop loop -> loop(loop, io);
                    case Script.Each each -> each(each, io);
                };
        return scope.status(status);
    }

    private void traps(Streams io) throws IOException, InterruptedException {
        for (String action = task.nextTrap(); action != null; action = task.nextTrap()) {
            int status = scope.status();
            run(Parser.parse(action), io);
            scope.status(status);
        }
    }

    private int sequence(Script.Sequence sequence, Streams io)
            throws IOException, InterruptedException {
        int status = 0;
        for (Script step : sequence.steps()) {
            status = run(step, io);
            if (status != 0 && scope.stopOnError() && step instanceof Script.Simple) {
                throw new Jump(Jump.Kind.EXIT, status);
            }
        }
        return status;
    }

    private int background(Script body, Streams io) {
        Interpreter shell = subshell();
        Streams detached = new Streams(InputStream.nullInputStream(), io.out(), io.err());
        int number = jobs.start(() -> shell.runJob(body, detached));
        scope.set("!", Integer.toString(number));
        return 0;
    }

    private int runJob(Script body, Streams io) {
        try {
            return run(body, io);
        } catch (Jump jump) {
            return jump.code();
        } catch (InterruptedException | IOException e) {
            return 128 + Signal.TERM;
        }
    }

    private int either(Script.Either either, Streams io) throws IOException, InterruptedException {
        int status = run(either.left(), io);
        return (status == 0) == either.onSuccess() ? run(either.right(), io) : status;
    }

    private int pipeline(Script.Pipeline pipeline, Streams io)
            throws IOException, InterruptedException {
        List<Script> stages = pipeline.stages();
        List<BytePipe> pipes = new ArrayList<>();
        for (Script stage : stages.subList(0, stages.size() - 1)) {
            BytePipe pipe = new BytePipe();
            feed(stage, pipes.isEmpty() ? null : pipes.getLast(), pipe, io);
            pipes.add(pipe);
        }
        Interpreter last = pipes.isEmpty() ? this : subshell();
        InputStream in = pipes.isEmpty() ? io.in() : pipes.getLast().reader();
        try {
            int status = last.run(stages.getLast(), new Streams(in, io.out(), io.err()));
            return pipeline.negated() ? (status == 0 ? 1 : 0) : status;
        } catch (Jump jump) {
            if (pipes.isEmpty()) {
                throw jump;
            }
            return jump.code();
        } finally {
            pipes.forEach(pipe -> closeQuietly(pipe.reader()));
        }
    }

    /** Starts a stage that writes into a pipe and reads from the one before. */
    private void feed(Script stage, @Nullable BytePipe before, BytePipe into, Streams io) {
        InputStream in = before == null ? io.in() : before.reader();
        Interpreter shell = subshell();
        task.start(() -> {
            int _ = shell.runJob(stage, new Streams(in, into.writer(), io.err()));
            closeQuietly(into.writer());
            if (before != null) {
                closeQuietly(before.reader());
            }
        });
    }

    private static void closeQuietly(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            // A pipe's ends have nothing to lose.
        }
    }

    private int group(Script.Group group, Streams io) throws IOException, InterruptedException {
        Streams redirected = redirect(group.redirects(), io);
        if (!group.subshell()) {
            return run(group.body(), redirected);
        }
        try {
            return subshell().run(group.body(), redirected);
        } catch (Jump jump) {
            return jump.code();
        }
    }

    private int condition(Script.Condition condition, Streams io)
            throws IOException, InterruptedException {
        if (run(condition.test(), io) == 0) {
            return run(condition.then(), io);
        }
        @Nullable Script otherwise = condition.otherwise();
        return otherwise == null ? 0 : run(otherwise, io);
    }

    private int loop(Script.Loop loop, Streams io) throws IOException, InterruptedException {
        int status = 0;
        while ((run(loop.test(), io) == 0) != loop.until()) {
            try {
                status = run(loop.body(), io);
            } catch (Jump jump) {
                if (jump.kind() == Jump.Kind.EXIT) {
                    throw jump;
                }
                if (jump.kind() == Jump.Kind.BREAK) {
                    return 0;
                }
            }
        }
        return status;
    }

    private int each(Script.Each each, Streams io) throws IOException, InterruptedException {
        int status = 0;
        for (String value : new Expander(this, io).fields(each.words())) {
            scope.set(each.variable(), value);
            try {
                status = run(each.body(), io);
            } catch (Jump jump) {
                if (jump.kind() == Jump.Kind.EXIT) {
                    throw jump;
                }
                if (jump.kind() == Jump.Kind.BREAK) {
                    return 0;
                }
            }
        }
        return status;
    }

    private int simple(Script.Simple simple, Streams io) throws IOException, InterruptedException {
        Expander expander = new Expander(this, io);
        List<String> words = expander.fields(simple.words());
        Streams redirected;
        try {
            redirected = redirect(simple.redirects(), io);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            complain(io, "sh: can't open " + e.getMessage());
            return 1;
        }
        Scope saved = words.isEmpty() ? scope : scope.copy();
        for (Script.Assignment assignment : simple.assignments()) {
            scope.set(assignment.name(), expander.text(assignment.value()));
            if (!words.isEmpty()) {
                scope.export(assignment.name());
            }
        }
        try {
            return words.isEmpty() ? scope.status() : execute(words, redirected);
        } finally {
            for (Script.Assignment assignment :
                    words.isEmpty() ? List.<Script.Assignment>of() : simple.assignments()) {
                @Nullable String before = saved.get(assignment.name());
                if (before == null) {
                    scope.unset(assignment.name());
                } else {
                    scope.set(assignment.name(), before);
                }
            }
        }
    }

    /** Runs a command by its words. */
    int execute(List<String> words, Streams io) throws IOException, InterruptedException {
        String name = words.getFirst();
        int slash = name.lastIndexOf('/');
        @Nullable Command command =
                Vocabulary.command(slash < 0 ? name : name.substring(slash + 1));
        if (command == null || (slash >= 0 && !Vocabulary.knows(name))) {
            complain(io, "sh: " + name + ": not found");
            return scope.status(127);
        }
        int status;
        try {
            List<String> args = words.subList(1, words.size());
            status = command.run(new Command.Call(name, args, io, this));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            status = 1;
            if (broken(e)) {
                // SIGPIPE ends a writer without a word.
                status = 141;
            } else {
                complain(io, name + ": " + e.getMessage());
            }
        }
        scope.status(status);
        traps(io);
        return status;
    }

    private static boolean broken(IOException e) {
        return "Broken pipe".equals(e.getMessage());
    }

    /** Runs {@code sh -c} in a shell of its own. */
    int nested(String script, List<String> arguments, Streams io)
            throws IOException, InterruptedException {
        Interpreter shell = subshell();
        shell.scope.arguments(arguments);
        try {
            return shell.run(Parser.parse(script), io);
        } catch (SyntaxException e) {
            complain(io, "sh: syntax error: " + e.getMessage());
            return 2;
        } catch (Jump jump) {
            if (jump.kind() == Jump.Kind.EXIT) {
                return trapExit(jump.code(), io);
            }
            return 0;
        }
    }

    static void complain(Streams io, String message) throws IOException {
        io.err().write((message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Streams redirect(List<Redirect> redirects, Streams io)
            throws IOException, InterruptedException {
        return redirects.isEmpty() ? io : new Redirection(this, io).apply(redirects);
    }

    /** The output of a script, without the line ends at its end. */
    String capture(Script script, Streams io) throws IOException, InterruptedException {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        Interpreter shell = subshell();
        try {
            scope.status(shell.run(script, new Streams(io.in(), out, io.err())));
        } catch (Jump jump) {
            scope.status(jump.code());
        }
        return out.toString(StandardCharsets.UTF_8).replaceAll("\n+$", "");
    }
}
