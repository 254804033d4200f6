package dev.burstlet.docker.stream;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectExecResponse;
import dev.burstlet.container.ExecResult;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.wire.EngineConnection;
import dev.burstlet.docker.wire.EngineConnection.Response;
import dev.burstlet.docker.wire.EngineDialer;
import dev.burstlet.docker.wire.EngineErrors;
import dev.burstlet.docker.wire.ExecRequest;
import dev.burstlet.docker.wire.Execs;
import dev.burstlet.docker.wire.HijackedStream;
import dev.burstlet.docker.wire.StreamPair;
import dev.burstlet.docker.wire.Wire;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.ProcessIo;
import dev.burstlet.pod.ProcessIo.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of a Docker Engine's containers, each over a connection of its own. Interrupting a
 * call closes that connection at once. Safe for use by many threads.
 *
 * <p>The Docker API has no call that ends an exec's process. Where a call is given up, the process
 * and its descendants are killed by the tool in a short-lived container that sees the host's
 * processes; an engine that refuses such a container leaves them to end by themselves.
 */
public final class DockerStreams {
    private static final Logger LOG = LoggerFactory.getLogger(DockerStreams.class);

    /** The tool's answer to a command that it does not know. */
    private static final int UNKNOWN = 64;

    private static final int MOST_WORDS = 4096;

    private final DockerClient docker;
    private final EngineDialer dialer;
    private final Execs execs;
    private final SandboxTool tool;

    public DockerStreams(DockerClient docker, EngineDialer dialer) {
        this.docker = docker;
        this.dialer = dialer;
        this.execs = new Execs(docker, dialer);
        this.tool = new SandboxTool(execs, dialer.callTimeout());
    }

    /** As {@link dev.burstlet.container.ContainerEngine#exec}. */
    public int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        return execs.run(
                new ExecRequest(containerId, command, "", false, null), io, this::killLater);
    }

    /** As {@link dev.burstlet.container.ContainerEngine#execSync}. */
    public ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException {
        LimitedOutput output = new LimitedOutput(outputLimitBytes);
        try {
            int code =
                    execs.run(
                            new ExecRequest(containerId, command, "", false, timeout),
                            new StreamPair(null, output, output),
                            this::killLater);
            return new ExecResult(code, output.text());
        } catch (IOException e) {
            throw new BackendException(Reason.ENGINE, "exec: " + e.getMessage(), e);
        } catch (BackendException e) {
            if (e.reason() != Reason.TIMEOUT) {
                throw e;
            }
            throw new BackendException(
                    Reason.TIMEOUT, "command timed out after " + seconds(timeout), e);
        }
    }

    /** As {@link dev.burstlet.container.ContainerEngine#attach}. */
    public void attach(String containerId, ProcessIo io) throws IOException, InterruptedException {
        String what = "attach to " + containerId;
        InspectContainerResponse container = inspect(what, containerId);
        if (!Boolean.TRUE.equals(container.getState().getRunning())) {
            throw new BackendException(Reason.CONFLICT, what + ": the container is not running");
        }
        boolean tty = Boolean.TRUE.equals(container.getConfig().getTty());
        String path =
                "/containers/%s/attach?stream=1&stdin=%d&stdout=%d&stderr=%d&detachKeys=%s"
                        .formatted(
                                containerId,
                                io.stdin() == null ? 0 : 1,
                                io.stdout() == null ? 0 : 1,
                                tty || io.stderr() == null ? 0 : 1,
                                HijackedStream.NO_DETACH_KEYS.replace("^", "%5E"));
        try (EngineConnection connection = dialer.open()) {
            Response response =
                    Wire.request(
                            what,
                            connection,
                            dialer.callTimeout(),
                            () -> connection.upgrade(path, null));
            HijackedStream stream = new HijackedStream(what, connection, io);
            if (tty || !Boolean.TRUE.equals(container.getConfig().getStdInOnce())) {
                stream.keepingInputOpen();
            }
            stream.copy(response.body(), tty, null, size -> resize(containerId, size));
        }
    }

    /**
     * As {@link dev.burstlet.container.ContainerEngine#portForward}: through the tool in the
     * sandbox, to 127.0.0.1, then ::1. The client's end of sending is passed on. When the server
     * ends, what the client still sends is passed on until it pauses for a quarter of a second.
     */
    public void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        LimitedOutput errors = new LimitedOutput(MOST_WORDS);
        int code = tool("fwd", sandboxId, port, null, new StreamPair(in, out, errors));
        if (code != 0) {
            throw new BackendException(
                    Reason.ENGINE, "port forward to port " + port + ": " + errors.text().strip());
        }
    }

    /** As {@link dev.burstlet.container.ContainerEngine#dial}: by the tool in the sandbox. */
    public boolean dial(String sandboxId, int port, Duration timeout)
            throws IOException, InterruptedException {
        LimitedOutput words = new LimitedOutput(MOST_WORDS);
        int code = tool("dial", sandboxId, port, timeout, new StreamPair(null, words, words));
        return code == UNKNOWN ? dialByForwarding(sandboxId, port, timeout) : code == 0;
    }

    /** In a sandbox made before its tool could dial: who is not refused at once is connected. */
    private boolean dialByForwarding(String sandboxId, int port, Duration timeout)
            throws IOException, InterruptedException {
        LimitedOutput words = new LimitedOutput(MOST_WORDS);
        StreamPair streams = new StreamPair(InputStream.nullInputStream(), words, words);
        try {
            return tool("fwd", sandboxId, port, timeout, streams) == 0;
        } catch (BackendException e) {
            if (e.reason() == Reason.TIMEOUT) {
                return true;
            }
            throw e;
        }
    }

    /** Runs a command of the sandbox's tool that has to do with a port; its exit code. */
    private int tool(
            String command,
            String sandboxId,
            int port,
            @Nullable Duration timeout,
            StreamPair streams)
            throws IOException, InterruptedException {
        List<String> words = List.of(PauseImage.TOOL, command, Integer.toString(port));
        return execs.run(
                new ExecRequest(sandboxId, words, "0:0", false, timeout), streams, this::killLater);
    }

    /** As {@link dev.burstlet.container.ContainerEngine#logs}. */
    public void logs(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        String what = "logs of " + containerId;
        boolean tty = Boolean.TRUE.equals(inspect(what, containerId).getConfig().getTty());
        LogCopy copy = new LogCopy(request, out);
        if (copy.complete()) {
            return;
        }
        try (EngineConnection connection = dialer.open()) {
            Response response =
                    Wire.request(
                            what,
                            connection,
                            dialer.callTimeout(),
                            () -> connection.get(LogCopy.path(containerId, request, tty)));
            copy.run(what, response.body(), tty);
        }
    }

    private InspectContainerResponse inspect(String what, String containerId) {
        return EngineErrors.call(what, () -> docker.inspectContainerCmd(containerId).exec());
    }

    private void resize(String containerId, TerminalSize size) {
        try {
            docker.resizeContainerCmd(containerId).withSize(size.height(), size.width()).exec();
        } catch (RuntimeException e) {
            LOG.debug("resize of {}: {}", containerId, e.getMessage());
        }
    }

    private void killLater(String execId) {
        Thread.ofVirtual().name("kill " + execId).start(() -> kill(execId));
    }

    private void kill(String execId) {
        try {
            InspectExecResponse exec = docker.inspectExecCmd(execId).exec();
            Long pid = exec.getPidLong();
            if (!Boolean.TRUE.equals(exec.isRunning()) || pid == null || pid == 0) {
                return;
            }
            try (ToolContainer container =
                    ToolContainer.start(docker, new ToolContainer.View(List.of(), true))) {
                tool.check(
                        container.id(),
                        List.of("kill", pid.toString(), exec.getContainerID()),
                        null);
            }
        } catch (RuntimeException e) {
            LOG.warn("A process that was given up may run on: {}", e.getMessage());
        }
    }

    private static String seconds(Duration timeout) {
        return timeout.toMillis() % 1000 == 0
                ? timeout.toSeconds() + "s"
                : timeout.toMillis() + "ms";
    }
}
