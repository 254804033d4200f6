package dev.burstlet.container.memory.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command of the vocabulary. */
interface Command {
    /**
     * Runs and returns the exit code. An IOException is reported as the command's error message.
     */
    int run(Call call) throws IOException, InterruptedException;

    /**
     * One call of a command.
     *
     * @param name as it was called
     * @param args without the name
     */
    record Call(String name, List<String> args, Streams io, Interpreter shell) {
        World world() {
            return shell.world();
        }

        String path(String relative) {
            return shell.scope().path(relative);
        }

        void print(String text) throws IOException {
            io.out().write(text.getBytes(StandardCharsets.UTF_8));
        }

        int fail(String message) throws IOException {
            io.err().write((name + ": " + message + "\n").getBytes(StandardCharsets.UTF_8));
            return 1;
        }

        /** Arguments that are no options. */
        List<String> operands() {
            return args.stream().filter(arg -> !arg.startsWith("-") || arg.equals("-")).toList();
        }

        boolean option(char letter) {
            return args.stream()
                    .anyMatch(arg ->
                            arg.startsWith("-")
                                    && !arg.startsWith("--")
                                    && arg.indexOf(letter) > 0);
        }
    }
}
