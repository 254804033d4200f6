package dev.burstlet.container.memory.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Commands that make or filter text. */
final class TextCommands {
    private TextCommands() {}

    static Map<String, Command> all() {
        return Map.ofEntries(
                Map.entry("echo", TextCommands::echo),
                Map.entry("printf", TextCommands::printf),
                Map.entry("head", TextCommands::head),
                Map.entry("tail", TextCommands::tail),
                Map.entry("wc", TextCommands::count),
                Map.entry("grep", TextCommands::grep),
                Map.entry("tr", TextCommands::translate),
                Map.entry("tee", TextCommands::tee),
                Map.entry("yes", TextCommands::yes),
                Map.entry("seq", TextCommands::sequence));
    }

    private static int echo(Command.Call call) throws IOException {
        List<String> args = new ArrayList<>(call.args());
        boolean newline = true;
        boolean escapes = false;
        while (!args.isEmpty() && args.getFirst().matches("-[neE]+")) {
            newline &= args.getFirst().indexOf('n') < 0;
            escapes |= args.getFirst().indexOf('e') > 0;
            args.removeFirst();
        }
        String text = String.join(" ", args);
        call.print((escapes ? unescape(text) : text) + (newline ? "\n" : ""));
        return 0;
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\r", "\r")
                .replace("\\\\", "\\");
    }

    private static int printf(Command.Call call) throws IOException {
        if (call.args().isEmpty()) {
            return call.fail("a format is needed");
        }
        String format = unescape(call.args().getFirst());
        List<String> values = call.args().subList(1, call.args().size());
        int used = 0;
        StringBuilder text = new StringBuilder();
        do {
            int before = used;
            for (int i = 0; i < format.length(); i++) {
                char c = format.charAt(i);
                if (c != '%' || i + 1 == format.length()) {
                    text.append(c);
                    continue;
                }
                char kind = format.charAt(++i);
                if (kind == '%') {
                    text.append('%');
                } else {
                    text.append(used < values.size() ? values.get(used) : kind == 'd' ? "0" : "");
                    used++;
                }
            }
            if (used == before) {
                break;
            }
        } while (used < values.size());
        call.print(text.toString());
        return 0;
    }

    /** The value of {@code -x5} or {@code -x 5}, and the operands that are left. */
    private record Options(String value, List<String> operands) {
        static Options of(Command.Call call, char letter, String fallback) {
            String value = fallback;
            List<String> operands = new ArrayList<>();
            List<String> args = call.args();
            for (int i = 0; i < args.size(); i++) {
                String arg = args.get(i);
                if (arg.equals("-" + letter) && i + 1 < args.size()) {
                    value = args.get(++i);
                } else if (arg.startsWith("-" + letter)) {
                    value = arg.substring(2);
                } else if (!arg.startsWith("-")) {
                    operands.add(arg);
                }
            }
            return new Options(value, operands);
        }
    }

    private static byte[] input(Command.Call call, List<String> paths) throws IOException {
        return paths.isEmpty()
                ? call.io().in().readAllBytes()
                : Files.read(call.world(), call.path(paths.getFirst()));
    }

    private static List<String> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }

    private static int head(Command.Call call) throws IOException {
        boolean bytes = call.args().stream().anyMatch(arg -> arg.startsWith("-c"));
        Options options = Options.of(call, bytes ? 'c' : 'n', "10");
        int limit = Integer.parseInt(options.value());
        if (bytes) {
            boolean zero = options.operands().equals(List.of("/dev/zero"));
            byte[] content =
                    zero
                            ? new byte[limit]
                            : options.operands().isEmpty()
                                    ? call.io().in().readNBytes(limit)
                                    : input(call, options.operands());
            call.io().out().write(content, 0, Math.min(limit, content.length));
            return 0;
        }
        for (String line : firstLines(call, options, limit)) {
            call.print(line + "\n");
        }
        return 0;
    }

    private static List<String> firstLines(Command.Call call, Options options, int limit)
            throws IOException {
        if (!options.operands().isEmpty()) {
            return lines(input(call, options.operands())).stream().limit(limit).toList();
        }
        List<String> lines = new ArrayList<>();
        java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        while (lines.size() < limit) {
            int next = call.io().in().read();
            if (next < 0 || next == '\n') {
                if (next < 0 && line.size() == 0) {
                    break;
                }
                lines.add(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(next);
            }
        }
        return lines;
    }

    private static int tail(Command.Call call) throws IOException, InterruptedException {
        boolean bytes = call.args().stream().anyMatch(arg -> arg.startsWith("-c"));
        Options options = Options.of(call, bytes ? 'c' : 'n', "10");
        byte[] content = input(call, options.operands());
        int limit = Integer.parseInt(options.value());
        if (bytes) {
            call.io()
                    .out()
                    .write(
                            content,
                            Math.max(0, content.length - limit),
                            Math.min(limit, content.length));
            return 0;
        }
        List<String> lines = lines(content);
        for (String line : lines.subList(Math.max(0, lines.size() - limit), lines.size())) {
            call.print(line + "\n");
        }
        if (call.option('f')) {
            Thread.sleep(Forever.DURATION);
        }
        return 0;
    }

    private static int count(Command.Call call) throws IOException {
        byte[] content = input(call, call.operands());
        long lines =
                new String(content, StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count();
        if (call.option('c')) {
            call.print(content.length + "\n");
        } else if (call.option('l')) {
            call.print(lines + "\n");
        } else {
            long words =
                    Arrays.stream(new String(content, StandardCharsets.UTF_8).split("\\s+", -1))
                            .filter(word -> !word.isEmpty())
                            .count();
            call.print(lines + " " + words + " " + content.length + "\n");
        }
        return 0;
    }

    private static int grep(Command.Call call) throws IOException {
        List<String> operands = call.operands();
        if (operands.isEmpty()) {
            return call.fail("a pattern is needed");
        }
        java.util.regex.Pattern pattern = java.util.regex.Pattern.compile(operands.getFirst());
        int status = 1;
        for (String line : lines(input(call, operands.subList(1, operands.size())))) {
            if (pattern.matcher(line).find() != call.option('v')) {
                status = 0;
                if (!call.option('q')) {
                    call.print(line + "\n");
                }
            }
        }
        return status;
    }

    private static int translate(Command.Call call) throws IOException {
        List<String> operands = call.operands().stream().map(TextCommands::unescape).toList();
        boolean delete = call.option('d');
        String from = operands.isEmpty() ? "" : operands.getFirst().replace("\\0", "\0");
        int next = call.io().in().read();
        while (next >= 0) {
            int index = from.indexOf((char) next);
            if (index < 0) {
                call.io().out().write(next);
            } else if (!delete) {
                String to = operands.getLast();
                call.io().out().write(to.charAt(Math.min(index, to.length() - 1)));
            }
            next = call.io().in().read();
        }
        return 0;
    }

    private static int tee(Command.Call call) throws IOException {
        byte[] content = call.io().in().readAllBytes();
        for (String path : call.operands()) {
            call.world()
                    .files()
                    .write(call.path(path), call.option('a'), call.world().user())
                    .write(content);
        }
        call.io().out().write(content);
        return 0;
    }

    private static int yes(Command.Call call) throws IOException {
        String line = (call.args().isEmpty() ? "y" : String.join(" ", call.args())) + "\n";
        while (call.shell().task().killedBy() == 0 && !Thread.currentThread().isInterrupted()) {
            call.print(line);
        }
        return 0;
    }

    private static int sequence(Command.Call call) throws IOException {
        List<Long> numbers = call.args().stream().map(Long::parseLong).toList();
        if (numbers.isEmpty()) {
            return call.fail("a number is needed");
        }
        long first = numbers.size() == 1 ? 1 : numbers.getFirst();
        for (long i = first; i <= numbers.getLast(); i++) {
            call.print(i + "\n");
        }
        return 0;
    }
}
