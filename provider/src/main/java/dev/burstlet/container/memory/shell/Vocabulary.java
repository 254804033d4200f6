package dev.burstlet.container.memory.shell;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commands that there are. */
public final class Vocabulary {
    private static final Set<String> DIRECTORIES =
            Set.of("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/");
    private static final Map<String, Command> COMMANDS = new HashMap<>();

    static {
        COMMANDS.putAll(ShellCommands.all());
        COMMANDS.putAll(FileCommands.all());
        COMMANDS.putAll(TextCommands.all());
        COMMANDS.putAll(SystemCommands.all());
        COMMANDS.putAll(NetworkCommands.all());
    }

    private Vocabulary() {}

    /** Whether a file of this name can be executed. */
    public static boolean knows(String executable) {
        int slash = executable.lastIndexOf('/');
        String name = executable.substring(slash + 1);
        return COMMANDS.containsKey(name)
                && (slash < 0
                        ? !ShellCommands.ONLY_IN_SHELL.contains(name)
                        : DIRECTORIES.contains(executable.substring(0, slash + 1)));
    }

    /** Every command's name, as {@code ls /bin} shows them. */
    public static List<String> names() {
        return COMMANDS.keySet().stream()
                .filter(name -> !ShellCommands.ONLY_IN_SHELL.contains(name))
                .sorted()
                .toList();
    }

    static @Nullable Command command(String name) {
        return COMMANDS.get(name);
    }
}
