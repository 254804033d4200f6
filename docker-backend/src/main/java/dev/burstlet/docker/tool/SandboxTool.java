package dev.burstlet.docker.tool;

import dev.burstlet.container.Content;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.wire.ExecRequest;
import dev.burstlet.docker.wire.Execs;
import dev.burstlet.docker.wire.StreamPair;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the tool in a running sandbox, as root: one exec, some 45 ms. */
public final class SandboxTool {
    private static final int MOST_STDERR = 16 * 1024;

    private final Execs execs;
    private final Duration timeout;

    public SandboxTool(Execs execs, Duration timeout) {
        this.execs = execs;
        this.timeout = timeout;
    }

    /** Runs it, keeping at most so many bytes of its standard output. */
    public ToolResult run(
            String sandboxId, List<String> arguments, @Nullable InputStream stdin, int limit) {
        List<String> command = new ArrayList<>();
        command.add(PauseImage.TOOL);
        command.addAll(arguments);
        Limited stdout = new Limited(limit);
        Limited stderr = new Limited(MOST_STDERR);
        try {
            int code =
                    execs.run(
                            new ExecRequest(sandboxId, command, "0:0", false, timeout),
                            new StreamPair(stdin, stdout, stderr),
                            id -> {});
            return new ToolResult(
                    code,
                    Content.of(stdout.bytes()),
                    new String(stderr.bytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BackendException(Reason.ENGINE, "sandbox tool: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.TIMEOUT, "sandbox tool: interrupted", e);
        }
    }

    /**
     * Runs it and expects success.
     *
     * @throws BackendException ENGINE with what it wrote on standard error
     */
    public ToolResult check(String sandboxId, List<String> arguments, @Nullable InputStream stdin) {
        ToolResult result = run(sandboxId, arguments, stdin, 1 << 20);
        if (result.exitCode() != 0) {
            throw new BackendException(Reason.ENGINE, result.failure());
        }
        return result;
    }

    /** Keeps the first bytes and drops the rest. */
    private static final class Limited extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int limit;

        Limited(int limit) {
            this.limit = limit;
        }

        byte[] bytes() {
            return kept.toByteArray();
        }

        @Override
        public void write(int b) {
            if (kept.size() < limit) {
                kept.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            kept.write(bytes, offset, Math.min(length, limit - kept.size()));
        }
    }
}
