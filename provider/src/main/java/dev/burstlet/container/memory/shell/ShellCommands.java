package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.file.FileException;
import dev.burstlet.container.memory.file.Inode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commands that change the shell, or wait. */
final class ShellCommands {
    static final Set<String> ONLY_IN_SHELL =
            Set.of(
                    "exit",
                    "cd",
                    "export",
                    "unset",
                    "set",
                    "trap",
                    "wait",
                    "break",
                    "continue",
                    "exec",
                    ":",
                    "read",
                    "shift",
                    ".");

    private ShellCommands() {}

    static Map<String, Command> all() {
        return Map.ofEntries(
                Map.entry(":", _ -> 0),
                Map.entry("true", _ -> 0),
                Map.entry("false", _ -> 1),
                Map.entry("exit", ShellCommands::exit),
                Map.entry("break", call -> jump(Jump.Kind.BREAK)),
                Map.entry("continue", call -> jump(Jump.Kind.CONTINUE)),
                Map.entry("cd", ShellCommands::changeDirectory),
                Map.entry("export", ShellCommands::export),
                Map.entry("unset", ShellCommands::unset),
                Map.entry("set", ShellCommands::set),
                Map.entry("trap", ShellCommands::trap),
                Map.entry("wait", ShellCommands::await),
                Map.entry("exec", ShellCommands::exec),
                Map.entry("read", ShellCommands::read),
                Map.entry("shift", ShellCommands::shift),
                Map.entry("sleep", ShellCommands::sleep),
                Map.entry("pause", call -> forever()),
                Map.entry("sh", ShellCommands::shell),
                Map.entry("ash", ShellCommands::shell),
                Map.entry("bash", ShellCommands::shell));
    }

    private static int jump(Jump.Kind kind) {
        throw new Jump(kind, 0);
    }

    private static int exit(Command.Call call) {
        int code =
                call.args().isEmpty()
                        ? call.shell().scope().status()
                        : Integer.parseInt(call.args().getFirst()) & 0xff;
        throw new Jump(Jump.Kind.EXIT, code);
    }

    private static int changeDirectory(Command.Call call) throws IOException {
        String path = call.path(call.args().isEmpty() ? "/" : call.args().getFirst());
        if (call.world().files().find(path).orElse(null) instanceof Inode.Directory) {
            call.shell().scope().directory(path);
            return 0;
        }
        throw new FileException(path, FileException.Cause.NOT_FOUND);
    }

    private static int export(Command.Call call) {
        for (String arg : call.args()) {
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            if (equals >= 0) {
                call.shell().scope().set(name, arg.substring(equals + 1));
            }
            call.shell().scope().export(name);
        }
        return 0;
    }

    private static int unset(Command.Call call) {
        call.args().forEach(call.shell().scope()::unset);
        return 0;
    }

    private static int set(Command.Call call) {
        if (call.args().isEmpty()) {
            return 0;
        }
        if (call.option('e')) {
            call.shell().scope().stopOnError(true);
        } else if (call.args().getFirst().startsWith("+e")) {
            call.shell().scope().stopOnError(false);
        }
        return 0;
    }

    private static int trap(Command.Call call) throws IOException {
        if (call.args().size() < 2) {
            return 0;
        }
        String action = call.args().getFirst();
        for (String name : call.args().subList(1, call.args().size())) {
            Optional<Integer> number = Signal.number(name);
            if (number.isEmpty()) {
                return call.fail(name + ": invalid signal specification");
            }
            call.shell().task().trap(number.get(), action.equals("-") ? null : action);
        }
        return 0;
    }

    private static int await(Command.Call call) throws InterruptedException {
        return call.shell()
                .jobs()
                .await(call.args().isEmpty() ? 0 : Integer.parseInt(call.args().getFirst()));
    }

    private static int exec(Command.Call call) throws IOException, InterruptedException {
        if (call.args().isEmpty()) {
            return 0;
        }
        throw new Jump(Jump.Kind.EXIT, call.shell().execute(call.args(), call.io()));
    }

    private static int read(Command.Call call) throws IOException {
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        int next = call.io().in().read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = call.io().in().read();
        }
        List<String> names = call.operands();
        call.shell()
                .scope()
                .set(
                        names.isEmpty() ? "REPLY" : names.getFirst(),
                        line.toString(StandardCharsets.UTF_8).strip());
        return next < 0 ? 1 : 0;
    }

    private static int shift(Command.Call call) {
        List<String> arguments = call.shell().scope().arguments();
        if (arguments.size() < 2) {
            return 1;
        }
        List<String> next = new java.util.ArrayList<>(arguments);
        next.remove(1);
        call.shell().scope().arguments(next);
        return 0;
    }

    private static int sleep(Command.Call call) throws IOException, InterruptedException {
        Optional<Duration> time = call.args().isEmpty() ? Optional.empty() : duration(call.args());
        if (time.isEmpty()) {
            return call.fail("invalid number '" + String.join(" ", call.args()) + "'");
        }
        Thread.sleep(time.get());
        return 0;
    }

    /** The sum of sleep's arguments, as {@code 5}, {@code 0.1}, {@code 2m}, {@code infinity}. */
    static Optional<Duration> duration(List<String> args) {
        Duration sum = Duration.ZERO;
        for (String arg : args) {
            if (arg.equals("infinity") || arg.equals("inf")) {
                return Optional.of(Forever.DURATION);
            }
            long unit =
                    switch (arg.isEmpty() ? ' ' : arg.charAt(arg.length() - 1)) {
                        case 'm' -> 60;
                        case 'h' -> 3600;
                        case 'd' -> 86400;
                        default -> 1;
                    };
            String number =
                    Character.isLetter(arg.charAt(arg.length() - 1))
                            ? arg.substring(0, arg.length() - 1)
                            : arg;
            try {
                double seconds = Double.parseDouble(number) * unit;
                sum = sum.plusNanos((long) Math.min(seconds * 1e9, 9e18));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        return Optional.of(sum);
    }

    private static int forever() throws InterruptedException {
        Thread.sleep(Forever.DURATION);
        return 0;
    }

    private static int shell(Command.Call call) throws IOException, InterruptedException {
        List<String> args = call.args();
        int command = 0;
        while (command < args.size() && args.get(command).matches("-[eux]+")) {
            command++;
        }
        boolean stop = args.subList(0, command).stream().anyMatch(arg -> arg.indexOf('e') > 0);
        if (command + 1 < args.size() && args.get(command).matches("-[eux]*c")) {
            stop |= args.get(command).indexOf('e') > 0;
            String script = (stop ? "set -e;" : "") + args.get(command + 1);
            List<String> rest = args.subList(command + 2, args.size());
            return call.shell().nested(script, rest.isEmpty() ? List.of("sh") : rest, call.io());
        }
        if (command < args.size()) {
            byte[] file = Files.read(call.world(), call.path(args.get(command)));
            String script = new String(file, StandardCharsets.UTF_8);
            return call.shell().nested(script, args.subList(command, args.size()), call.io());
        }
        return interactive(call);
    }

    private static int interactive(Command.Call call) throws IOException, InterruptedException {
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        int status = 0;
        while (true) {
            int next = call.io().in().read();
            if (next >= 0 && next != '\n' && next != '\r') {
                line.write(next);
                continue;
            }
            if (line.size() > 0) {
                String script = line.toString(StandardCharsets.UTF_8);
                line.reset();
                try {
                    status = call.shell().run(Parser.parse(script), call.io());
                } catch (SyntaxException e) {
                    Interpreter.complain(call.io(), "sh: syntax error: " + e.getMessage());
                    status = 2;
                }
            }
            if (next < 0) {
                return status;
            }
        }
    }
}
