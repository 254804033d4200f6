package dev.burstlet.serve;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.ProcessIo;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /run/namespace/pod[/uid]/container?cmd=...}: runs a command, its words parted by
 * spaces, and answers with all that it wrote.
 */
final class Run implements Service {
    private final NodeServices services;
    private final Targets targets;

    Run(NodeServices services) {
        this.services = services;
        this.targets = new Targets(services);
    }

    @Override
    public void serve(Exchange exchange) throws Refusal, IOException, InterruptedException {
        Targets.Target target = targets.container(exchange.path());
        String command = exchange.query().first("cmd").orElse("");
        if (command.isBlank()) {
            throw new Refusal(400, "you must specify a command by cmd");
        }
        Output output = new Output();
        int code;
        try {
            code =
                    services.lifecycle()
                            .streams()
                            .exec(
                                    target.key(),
                                    target.container(),
                                    List.of(command.split(" ")),
                                    output);
        } catch (BackendException e) {
            throw new Refusal(500, String.valueOf(e.getMessage()));
        }
        if (code != 0) {
            throw new Refusal(
                    500, "command '" + command + "' exited with " + code + ": " + output.text());
        }
        exchange.respond(200, "application/json", output.bytes());
    }

    /** Gathers both outputs, up to the most that the kubelet's runtimes gather. */
    private static final class Output extends OutputStream implements ProcessIo {
        private static final int MAX_BYTES = 16 << 20;

        private final ReentrantLock lock = new ReentrantLock();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        byte[] bytes() {
            return bytes.toByteArray();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            lock.lock();
            try {
                bytes.write(from, offset, Math.min(length, MAX_BYTES - bytes.size()));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean tty() {
            return false;
        }

        @Override
        public @Nullable InputStream stdin() {
            return null;
        }

        @Override
        public OutputStream stdout() {
            return this;
        }

        @Override
        public OutputStream stderr() {
            return this;
        }

        @Override
        public @Nullable TerminalSize nextSize() {
            return null;
        }
    }
}
