package dev.burstlet.container.memory.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that listen on ports of the sandbox, and one that connects to them. */
final class NetworkCommands {
    private static final Pattern REQUEST = Pattern.compile("([A-Z]+) (\\S+) HTTP/1\\.[01].*");
    private static final Pattern LOCAL =
            Pattern.compile("(?:http://)?(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::(\\d+))?(/.*)?");

    private NetworkCommands() {}

    static Map<String, Command> all() {
        return Map.of(
                "nc", NetworkCommands::netcat,
                "listen", NetworkCommands::echoes,
                "httpd", NetworkCommands::httpd,
                "wget", NetworkCommands::wget);
    }

    private static int echoes(Command.Call call) throws IOException, InterruptedException {
        return listen(
                call, Integer.parseInt(call.args().getFirst()), io -> io.in().transferTo(io.out()));
    }

    private static int listen(Command.Call call, int port, World.Service service)
            throws IOException, InterruptedException {
        try (AutoCloseable _ = call.world().listen(port, service)) {
            Thread.sleep(Forever.DURATION);
            return 0;
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static int netcat(Command.Call call) throws IOException, InterruptedException {
        List<String> args = call.args();
        List<String> operands = new ArrayList<>();
        int port = 0;
        boolean listens = false;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            switch (arg) {
                case "-p" -> port = Integer.parseInt(args.get(++i));
                case "-s", "-w" -> i++;
                case "-e" -> {
                    List<String> command = args.subList(i + 1, args.size());
                    return listen(call, port, io -> serve(call, command, io));
                }
                default -> {
                    if (arg.startsWith("-")) {
                        listens |= arg.indexOf('l') > 0;
                    } else {
                        operands.add(arg);
                    }
                }
            }
        }
        if (listens) {
            Streams own = call.io();
            return listen(call, port, io -> io.in().transferTo(own.out()));
        }
        boolean connected = call.world().connect(Integer.parseInt(operands.getLast()), call.io());
        return connected ? 0 : call.fail("can't connect: Connection refused");
    }

    private static void serve(Command.Call call, List<String> command, Streams io)
            throws IOException, InterruptedException {
        int _ = call.shell().execute(command, io);
    }

    private static int httpd(Command.Call call) throws IOException, InterruptedException {
        int port = 80;
        String home = ".";
        List<String> args = call.args();
        for (int i = 0; i + 1 < args.size(); i++) {
            if (args.get(i).equals("-p")) {
                String value = args.get(i + 1);
                port = Integer.parseInt(value.substring(value.lastIndexOf(':') + 1));
            } else if (args.get(i).equals("-h")) {
                home = args.get(i + 1);
            }
        }
        String root = call.path(home);
        return listen(call, port, io -> respond(call.world(), root, io));
    }

    private static void respond(World world, String root, Streams io) throws IOException {
        Matcher request = REQUEST.matcher(requestLine(io.in()));
        if (!request.matches()) {
            reply(io, "400 Bad Request", new byte[0]);
            return;
        }
        String path = request.group(2).replaceAll("\\?.*", "");
        try {
            String file = path.endsWith("/") ? path + "index.html" : path;
            reply(io, "200 OK", world.files().read(root + file, world.user()));
        } catch (IOException e) {
            reply(io, "404 Not Found", new byte[0]);
        }
    }

    /** Reads a request's head and returns its first line. */
    static String requestLine(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0) {
            head.write(next);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n") || text.endsWith("\n\n")) {
                break;
            }
            next = in.read();
        }
        return head.toString(StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    }

    static void reply(Streams io, String status, byte[] body) throws IOException {
        String head =
                "HTTP/1.1 "
                        + status
                        + "\r\nContent-Length: "
                        + body.length
                        + "\r\nConnection: close\r\n\r\n";
        io.out().write(head.getBytes(StandardCharsets.ISO_8859_1));
        io.out().write(body);
    }

    private static int wget(Command.Call call) throws IOException, InterruptedException {
        Matcher local = LOCAL.matcher(call.operands().isEmpty() ? "" : call.operands().getLast());
        if (!local.matches()) {
            return call.fail("only addresses of the pod's loopback are reachable");
        }
        int port = local.group(1) == null ? 80 : Integer.parseInt(local.group(1));
        String path = local.group(2) == null ? "/" : local.group(2);
        byte[] request =
                ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        Streams io = new Streams(new ByteArrayInputStream(request), answer, call.io().err());
        if (!call.world().connect(port, io)) {
            return call.fail("can't connect to remote host: Connection refused");
        }
        String text = answer.toString(StandardCharsets.ISO_8859_1);
        if (!text.startsWith("HTTP/1.1 200")) {
            return call.fail("server returned error: " + text.lines().findFirst().orElse(""));
        }
        byte[] body =
                text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        if (!call.args().contains("--spider")) {
            call.io().out().write(body);
        }
        return 0;
    }
}
