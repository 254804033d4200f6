package dev.burstlet.docker.stream;

import dev.burstlet.container.ExecResult;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;

/** Streams into and out of containers; none yet. */
@SuppressWarnings("DoNotCallSuggester")
public final class DockerStreams {
    public DockerStreams(EngineClient client) {}

    public int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        throw unsupported("exec");
    }

    public ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException {
        throw unsupported("exec");
    }

    public void attach(String containerId, ProcessIo io) throws IOException, InterruptedException {
        throw unsupported("attach");
    }

    public void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        throw unsupported("port forwarding");
    }

    public void logs(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        throw unsupported("logs");
    }

    private static BackendException unsupported(String what) {
        return new BackendException(Reason.UNSUPPORTED, what + ": not on Docker yet");
    }
}
