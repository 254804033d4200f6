package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.shell.Script.Redirect;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Opens what streams are redirected to. */
final class Redirection {
    private final Interpreter shell;
    private final Streams io;

    Redirection(Interpreter shell, Streams io) {
        this.shell = shell;
        this.io = io;
    }

    Streams apply(List<Redirect> redirects) throws IOException, InterruptedException {
        Streams result = io;
        for (Redirect redirect : redirects) {
            String target = new Expander(shell, io).text(redirect.target());
            result =
                    switch (redirect.operator()) {
                        case "<" -> new Streams(input(target), result.out(), result.err());
                        case ">&" -> with(redirect.fd(), result, duplicate(target, result));
                        case ">>" -> with(redirect.fd(), result, open(target, true));
                        default -> with(redirect.fd(), result, open(target, false));
                    };
        }
        return result;
    }

    private InputStream input(String target) throws IOException {
        return target.equals("/dev/stdin")
                ? io.in()
                : new ByteArrayInputStream(Files.read(shell.world(), shell.scope().path(target)));
    }

    private static OutputStream duplicate(String target, Streams io) {
        return target.equals("2") ? io.err() : io.out();
    }

    private OutputStream open(String target, boolean append) throws IOException {
        return switch (target) {
            case "/dev/null" -> OutputStream.nullOutputStream();
            case "/dev/stdout", "/proc/1/fd/1", "/dev/tty" -> io.out();
            case "/dev/stderr", "/proc/1/fd/2" -> io.err();
            default ->
                    shell.world()
                            .files()
                            .write(shell.scope().path(target), append, shell.world().user());
        };
    }

    private static Streams with(int fd, Streams io, OutputStream target) {
        return fd == 2
                ? new Streams(io.in(), io.out(), target)
                : new Streams(io.in(), target, io.err());
    }
}
