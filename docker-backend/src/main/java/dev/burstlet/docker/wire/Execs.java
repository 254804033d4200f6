package dev.burstlet.docker.wire;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectExecResponse;
import dev.burstlet.docker.wire.EngineConnection.Response;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.ProcessIo;
import dev.burstlet.pod.ProcessIo.TerminalSize;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands in containers: creation and start over one connection, which then carries the
 * streams. Safe for use by many threads.
 */
public final class Execs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RESIZE_ATTEMPTS = 5;
    private static final Duration MOST_POLL_DELAY = Duration.ofMillis(250);

    private final DockerClient docker;
    private final EngineDialer dialer;

    public Execs(DockerClient docker, EngineDialer dialer) {
        this.docker = docker;
        this.dialer = dialer;
    }

    /**
     * Runs a command to its end and returns its exit code.
     *
     * @param abandoned gets the exec's id where the call ends before the process is known to have
     * @throws BackendException CANNOT_RUN where it could not be started, NOT_FOUND and CONFLICT
     *     where the container is not there or not running, TIMEOUT
     */
    public int run(ExecRequest request, ProcessIo io, Consumer<String> abandoned)
            throws IOException, InterruptedException {
        String what = "exec in " + request.containerId();
        try (EngineConnection connection = dialer.open()) {
            String id;
            Response started;
            try (Deadline answer = Deadline.of(connection, dialer.callTimeout())) {
                id = Wire.use(what, answer, () -> create(what, connection, request, io));
                started = Wire.use(what, answer, () -> start(what, connection, id, io));
            }
            boolean ended = false;
            // A busy engine is slow to start it; only the command's own time counts.
            try (Deadline whole = wholeDeadline(connection, request)) {
                String failure =
                        new HijackedStream(what, connection, io)
                                .watchingForStartFailure()
                                .endingWith(() -> hasEnded(id))
                                .copy(started.body(), io.tty(), whole, size -> resize(id, size));
                int code = exitCode(what, id, whole);
                ended = true;
                return checked(code, failure, io);
            } finally {
                if (!ended) {
                    abandoned.accept(id);
                }
            }
        }
    }

    private static @Nullable Deadline wholeDeadline(
            EngineConnection connection, ExecRequest request) {
        Duration timeout = request.timeout();
        return timeout == null ? null : Deadline.of(connection, timeout);
    }

    private static String create(
            String what, EngineConnection connection, ExecRequest request, ProcessIo io)
            throws IOException {
        ObjectNode body =
                JSON.createObjectNode()
                        .put("AttachStdin", io.stdin() != null)
                        // Both always: their end is how the end of the process is known.
                        .put("AttachStdout", true)
                        .put("AttachStderr", !io.tty())
                        .put("Tty", io.tty())
                        .put("DetachKeys", HijackedStream.NO_DETACH_KEYS)
                        .put("User", request.user())
                        .put("Privileged", request.privileged());
        request.command().forEach(body.putArray("Cmd")::add);
        Response response =
                connection.post(
                        "/containers/" + request.containerId() + "/exec",
                        JSON.writeValueAsString(body));
        if (!response.isSuccess()) {
            throw EngineErrors.of(what, response);
        }
        return JSON.readTree(response.body().readAllBytes()).path("Id").asText();
    }

    private static Response start(String what, EngineConnection connection, String id, ProcessIo io)
            throws IOException {
        ObjectNode body = JSON.createObjectNode().put("Detach", false).put("Tty", io.tty());
        Response response =
                connection.upgrade("/exec/" + id + "/start", JSON.writeValueAsString(body));
        if (response.isSuccess()) {
            return response;
        }
        BackendException refused = EngineErrors.of(what, response);
        throw String.valueOf(refused.getMessage()).contains("OCI runtime exec failed")
                ? new BackendException(
                        Reason.CANNOT_RUN, String.valueOf(refused.getMessage()), refused)
                : refused;
    }

    /** The engine's words for a failed start come as output, with the code of a shell. */
    private static int checked(int code, String failure, ProcessIo io) throws IOException {
        if (failure.isEmpty()) {
            return code;
        }
        if (code == 126 || code == 127) {
            throw new BackendException(Reason.CANNOT_RUN, failure.strip());
        }
        var out = io.stdout();
        if (out != null) {
            out.write(failure.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            out.flush();
        }
        return code;
    }

    private boolean hasEnded(String id) {
        try {
            InspectExecResponse exec = docker.inspectExecCmd(id).exec();
            return !Boolean.TRUE.equals(exec.isRunning()) && exec.getExitCodeLong() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private int exitCode(String what, String id, @Nullable Deadline deadline)
            throws InterruptedException {
        Duration delay = Duration.ofMillis(1);
        while (true) {
            InspectExecResponse exec =
                    EngineErrors.call(what, () -> docker.inspectExecCmd(id).exec());
            @Nullable Long code = exec.getExitCodeLong();
            if (!Boolean.TRUE.equals(exec.isRunning()) && code != null) {
                return code.intValue();
            }
            if (deadline != null && deadline.expired()) {
                throw new BackendException(Reason.TIMEOUT, what + ": no end in time");
            }
            Thread.sleep(delay);
            delay = delay.multipliedBy(2);
            if (delay.compareTo(MOST_POLL_DELAY) > 0) {
                delay = MOST_POLL_DELAY;
            }
        }
    }

    /** A process that has only just been started may not have its terminal yet. */
    private void resize(String id, TerminalSize size) {
        for (int attempt = 0; attempt < RESIZE_ATTEMPTS; attempt++) {
            try {
                docker.resizeExecCmd(id).withSize(size.height(), size.width()).exec();
                return;
            } catch (RuntimeException e) {
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(Duration.ofMillis(50));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
