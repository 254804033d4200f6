package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.file.FileException;
import dev.burstlet.container.memory.file.FileException.Cause;
import dev.burstlet.container.memory.file.Inode;
import dev.burstlet.container.memory.file.Inode.Directory;
import dev.burstlet.container.memory.file.Inode.Link;
import dev.burstlet.container.memory.file.Inode.RegularFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands about files. */
final class FileCommands {
    private FileCommands() {}

    static Map<String, Command> all() {
        return Map.ofEntries(
                Map.entry("cat", FileCommands::cat),
                Map.entry("ls", FileCommands::list),
                Map.entry("mkdir", FileCommands::makeDirectory),
                Map.entry("rm", FileCommands::remove),
                Map.entry("mv", FileCommands::move),
                Map.entry("cp", FileCommands::copy),
                Map.entry("ln", FileCommands::link),
                Map.entry("chmod", FileCommands::mode),
                Map.entry("touch", FileCommands::touch),
                Map.entry("stat", FileCommands::stat),
                Map.entry("readlink", FileCommands::readLink),
                Map.entry("test", FileCommands::test),
                Map.entry("[", FileCommands::test));
    }

    private static int cat(Command.Call call) throws IOException {
        List<String> paths = call.operands();
        if (paths.isEmpty() || paths.equals(List.of("-"))) {
            call.io().in().transferTo(call.io().out());
            return 0;
        }
        int status = 0;
        for (String path : paths) {
            try {
                call.io().out().write(Files.read(call.world(), call.path(path)));
            } catch (FileException e) {
                status = call.fail("can't open '" + path + "': " + e.getMessage());
            }
        }
        return status;
    }

    private static int list(Command.Call call) throws IOException {
        List<String> paths = call.operands().isEmpty() ? List.of(".") : call.operands();
        int status = 0;
        for (String path : paths) {
            Optional<Inode> inode = call.world().files().find(call.path(path));
            if (inode.isEmpty()) {
                status = call.fail(path + ": No such file or directory");
            } else if (inode.get() instanceof Directory && !call.option('d')) {
                for (String name : call.world().files().list(call.path(path), user(call))) {
                    if (!name.startsWith(".") || call.option('a') || call.option('A')) {
                        call.print(entry(call, path + "/" + name, name));
                    }
                }
            } else {
                call.print(entry(call, path, path));
            }
        }
        return status;
    }

    private static String entry(Command.Call call, String path, String name) {
        @Nullable Inode inode = call.world().files().findLink(call.path(path)).orElse(null);
        if (inode == null) {
            return name + "\n";
        }
        String number = call.option('i') ? inode.number() + " " : "";
        if (!call.option('l')) {
            return number + name + "\n";
        }
        return "%s%s %d %d %d %s%s\n"
                .formatted(
                        number,
                        permissions(inode),
                        inode.uid(),
                        inode.gid(),
                        Inode.size(inode),
                        name,
                        inode instanceof Link link ? " -> " + link.target() : "");
    }

    private static String permissions(Inode inode) {
        StringBuilder text = new StringBuilder();
        text.append(
                switch (inode) {
                    case Directory _ -> 'd';
                    case RegularFile _ -> '-';
                    case Link _ -> 'l';
                });
        for (int bit = 8; bit >= 0; bit--) {
            text.append((inode.mode() >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return text.toString();
    }

    private static dev.burstlet.container.memory.file.Credentials user(Command.Call call) {
        return call.world().user();
    }

    private static int makeDirectory(Command.Call call) throws IOException {
        for (String path : call.operands()) {
            call.world().files().makeDirectory(call.path(path), call.option('p'), user(call));
        }
        return 0;
    }

    private static int remove(Command.Call call) throws IOException {
        for (String path : call.operands()) {
            try {
                boolean recursive = call.option('r') || call.option('R');
                call.world().files().remove(call.path(path), recursive, user(call));
            } catch (FileException e) {
                if (!call.option('f') || e.reason() != Cause.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return 0;
    }

    /** The path of a target: in a directory, under the source's name. */
    private static String target(Command.Call call, String source, String target) {
        boolean inside =
                call.world().files().find(call.path(target)).orElse(null) instanceof Directory
                        && !call.option('n')
                        && !call.option('T');
        return call.path(
                inside ? target + "/" + source.substring(source.lastIndexOf('/') + 1) : target);
    }

    private static int move(Command.Call call) throws IOException {
        List<String> paths = call.operands();
        if (paths.size() != 2) {
            return call.fail("two paths are needed");
        }
        String to = target(call, paths.getFirst(), paths.getLast());
        call.world().files().rename(call.path(paths.getFirst()), to, user(call));
        return 0;
    }

    private static int copy(Command.Call call) throws IOException {
        List<String> paths = call.operands();
        if (paths.size() != 2) {
            return call.fail("two paths are needed");
        }
        byte[] bytes = Files.read(call.world(), call.path(paths.getFirst()));
        String to = target(call, paths.getFirst(), paths.getLast());
        call.world().files().write(to, false, user(call)).write(bytes);
        return 0;
    }

    private static int link(Command.Call call) throws IOException {
        List<String> paths = call.operands();
        if (paths.size() != 2 || !call.option('s')) {
            return call.fail("only symbolic links are supported");
        }
        String to = target(call, paths.getFirst(), paths.getLast());
        if (call.option('f') && call.world().files().findLink(to).isPresent()) {
            call.world().files().remove(to, false, user(call));
        }
        call.world().files().link(paths.getFirst(), to, user(call));
        return 0;
    }

    private static int mode(Command.Call call) throws IOException {
        List<String> operands = call.operands();
        if (operands.size() < 2 || !operands.getFirst().matches("[0-7]{1,4}")) {
            return call.fail("invalid mode");
        }
        int bits = Integer.parseInt(operands.getFirst(), 8);
        for (String path : operands.subList(1, operands.size())) {
            call.world().files().mode(call.path(path), bits, user(call));
        }
        return 0;
    }

    private static int touch(Command.Call call) throws IOException {
        for (String path : call.operands()) {
            call.world().files().write(call.path(path), true, user(call)).close();
        }
        return 0;
    }

    private static int stat(Command.Call call) throws IOException {
        List<String> args = call.args();
        boolean follow = call.option('L');
        int at = args.indexOf("-c");
        String format = at >= 0 ? args.get(at + 1) : "%n %s %a %u %g";
        for (String path : call.operands()) {
            if (path.equals(format)) {
                continue;
            }
            Optional<Inode> inode =
                    follow
                            ? call.world().files().find(call.path(path))
                            : call.world().files().findLink(call.path(path));
            if (inode.isEmpty()) {
                return call.fail("can't stat '" + path + "': No such file or directory");
            }
            call.print(
                    format.replace("%n", path)
                                    .replace("%s", Long.toString(Inode.size(inode.get())))
                                    .replace("%a", Integer.toOctalString(inode.get().mode()))
                                    .replace("%u", Long.toString(inode.get().uid()))
                                    .replace("%g", Long.toString(inode.get().gid()))
                                    .replace("%i", Long.toString(inode.get().number()))
                            + "\n");
        }
        return 0;
    }

    private static int readLink(Command.Call call) throws IOException {
        for (String path : call.operands()) {
            if (!(call.world().files().findLink(call.path(path)).orElse(null)
                    instanceof Link link)) {
                return 1;
            }
            call.print(link.target() + "\n");
        }
        return 0;
    }

    private static int test(Command.Call call) throws IOException {
        List<String> args = call.args();
        if (call.name().endsWith("[")) {
            if (args.isEmpty() || !args.getLast().equals("]")) {
                return call.fail("missing ]");
            }
            args = args.subList(0, args.size() - 1);
        }
        return holds(call, args) ? 0 : 1;
    }

    private static boolean holds(Command.Call call, List<String> args) throws IOException {
        return switch (args.size()) {
            case 0 -> false;
            case 1 -> !args.getFirst().isEmpty();
            default -> {
                if (args.getFirst().equals("!")) {
                    yield !holds(call, args.subList(1, args.size()));
                }
                yield args.size() == 2
                        ? unary(call, args.get(0), args.get(1))
                        : compare(args.get(0), args.get(1), args.get(2));
            }
        };
    }

    private static boolean unary(Command.Call call, String operator, String operand)
            throws IOException {
        Optional<Inode> inode = call.world().files().find(call.path(operand));
        return switch (operator) {
            case "-e", "-r", "-x" -> inode.isPresent();
            case "-f" -> inode.orElse(null) instanceof RegularFile;
            case "-d" -> inode.orElse(null) instanceof Directory;
            case "-s" -> inode.isPresent() && Inode.size(inode.get()) > 0;
            case "-h", "-L" ->
                    call.world().files().findLink(call.path(operand)).orElse(null) instanceof Link;
            case "-n" -> !operand.isEmpty();
            case "-z" -> operand.isEmpty();
            case "-t" -> call.shell().task().tty();
            default -> throw new IOException(operator + ": unknown operand");
        };
    }

    private static boolean compare(String left, String operator, String right) throws IOException {
        try {
            return switch (operator) {
                case "=", "==" -> left.equals(right);
                case "!=" -> !left.equals(right);
                case "-eq" -> Long.parseLong(left) == Long.parseLong(right);
                case "-ne" -> Long.parseLong(left) != Long.parseLong(right);
                case "-lt" -> Long.parseLong(left) < Long.parseLong(right);
                case "-le" -> Long.parseLong(left) <= Long.parseLong(right);
                case "-gt" -> Long.parseLong(left) > Long.parseLong(right);
                case "-ge" -> Long.parseLong(left) >= Long.parseLong(right);
                default -> throw new IOException(operator + ": unknown operand");
            };
        } catch (NumberFormatException e) {
            throw new IOException("bad number", e);
        }
    }
}
