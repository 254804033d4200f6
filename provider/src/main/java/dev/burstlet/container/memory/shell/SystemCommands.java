package dev.burstlet.container.memory.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands about processes, the user and the machine. */
final class SystemCommands {
    private SystemCommands() {}

    static Map<String, Command> all() {
        return Map.ofEntries(
                Map.entry("env", SystemCommands::environment),
                Map.entry("printenv", SystemCommands::printEnvironment),
                Map.entry("id", SystemCommands::identity),
                Map.entry("whoami", SystemCommands::name),
                Map.entry("hostname", SystemCommands::hostname),
                Map.entry("pwd", SystemCommands::directory),
                Map.entry("kill", SystemCommands::kill),
                Map.entry("ps", SystemCommands::processes),
                Map.entry("date", SystemCommands::date),
                Map.entry("stty", SystemCommands::terminal),
                Map.entry("uname", call -> printed(call, "Linux")),
                Map.entry("mount", SystemCommands::mounts));
    }

    private static int printed(Command.Call call, String line) throws IOException {
        call.print(line + "\n");
        return 0;
    }

    private static int environment(Command.Call call) throws IOException, InterruptedException {
        Map<String, String> more = new HashMap<>();
        int at = 0;
        while (at < call.args().size() && call.args().get(at).indexOf('=') > 0) {
            String arg = call.args().get(at++);
            more.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
        }
        if (at < call.args().size()) {
            more.forEach((name, value) -> {
                call.shell().scope().set(name, value);
                call.shell().scope().export(name);
            });
            return call.shell().execute(call.args().subList(at, call.args().size()), call.io());
        }
        for (Map.Entry<String, String> variable : call.shell().scope().environment().entrySet()) {
            call.print(variable.getKey() + "=" + variable.getValue() + "\n");
        }
        return 0;
    }

    private static int printEnvironment(Command.Call call)
            throws IOException, InterruptedException {
        if (call.args().isEmpty()) {
            return environment(call);
        }
        int status = 0;
        for (String name : call.args()) {
            @Nullable String value = call.shell().scope().environment().get(name);
            if (value == null) {
                status = 1;
            } else {
                call.print(value + "\n");
            }
        }
        return status;
    }

    private static int identity(Command.Call call) throws IOException {
        var user = call.world().user();
        List<String> groups = new ArrayList<>();
        groups.add(Long.toString(user.gid()));
        user.groups().forEach(group -> groups.add(Long.toString(group)));
        List<String> distinct = groups.stream().distinct().toList();
        if (call.option('u')) {
            return printed(call, Long.toString(user.uid()));
        }
        if (call.option('g')) {
            return printed(call, Long.toString(user.gid()));
        }
        if (call.option('G')) {
            return printed(call, String.join(" ", distinct));
        }
        return printed(
                call,
                "uid="
                        + user.uid()
                        + " gid="
                        + user.gid()
                        + " groups="
                        + String.join(",", distinct));
    }

    private static int name(Command.Call call) throws IOException {
        long uid = call.world().user().uid();
        return uid == 0 ? printed(call, "root") : call.fail("unknown uid " + uid);
    }

    private static int hostname(Command.Call call) throws IOException {
        return printed(call, call.world().hostname());
    }

    private static int directory(Command.Call call) throws IOException {
        return printed(call, call.shell().scope().directory());
    }

    private static int kill(Command.Call call) throws IOException {
        int signal = Signal.TERM;
        int status = 0;
        List<String> args = new ArrayList<>(call.args());
        if (!args.isEmpty() && args.getFirst().startsWith("-")) {
            String name = args.removeFirst().substring(1);
            name = name.equals("s") && !args.isEmpty() ? args.removeFirst() : name;
            Optional<Integer> number = Signal.number(name);
            if (number.isEmpty()) {
                return call.fail("bad signal name '" + name + "'");
            }
            signal = number.get();
        }
        for (String arg : args) {
            int pid = Integer.parseInt(arg.replace("%", ""));
            if (!call.shell().jobs().kill(pid) && !call.world().kill(pid, signal)) {
                status = call.fail("can't kill pid " + pid + ": No such process");
            }
        }
        return status;
    }

    private static int processes(Command.Call call) throws IOException {
        call.print("PID   USER     TIME  COMMAND\n");
        for (World.Entry entry : call.world().processes()) {
            call.print("%5d %-8d  0:00 %s\n".formatted(entry.pid(), entry.uid(), entry.command()));
        }
        return 0;
    }

    private static int date(Command.Call call) throws IOException {
        boolean seconds = call.args().contains("+%s");
        return printed(
                call,
                seconds
                        ? Long.toString(call.world().now().getEpochSecond())
                        : call.world().now().toString());
    }

    private static int terminal(Command.Call call) throws IOException {
        if (!call.shell().task().tty()) {
            return call.fail("standard input: Not a tty");
        }
        var size = call.shell().task().size();
        return call.args().contains("size") ? printed(call, size.height() + " " + size.width()) : 0;
    }

    private static int mounts(Command.Call call) throws IOException {
        for (String path : call.world().files().mountPoints()) {
            call.print("memory on " + path + "\n");
        }
        return 0;
    }
}
