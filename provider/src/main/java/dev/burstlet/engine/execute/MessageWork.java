package dev.burstlet.engine.execute;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Labels;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.LogRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What an ended container has left to say: its termination log, or the end of its log. */
final class MessageWork {
    /** As much of a file as is looked at, of which the end is told. */
    private static final int FILE_LIMIT_BYTES = 1 << 20;

    private static final int MESSAGE_LIMIT_BYTES = 4096;
    private static final long LOG_LINES = 80;
    private static final int LOG_LIMIT_BYTES = 2048;

    private final ContainerEngine engine;

    MessageWork(ContainerEngine engine) {
        this.engine = engine;
    }

    UnaryOperator<PodMemory> read(Action.ReadMessage action, Job job) throws InterruptedException {
        ContainerStatus container = action.container();
        String message = "";
        try {
            message = file(container, job);
            if (message.isEmpty() && fallsBack(container, job)) {
                message = log(container);
            }
        } catch (BackendException | IOException e) {
            // Without its sandbox nobody can read it any more; the status does not wait for it.
            job.warning(
                    null,
                    "FailedTerminationMessage",
                    "termination message of container %s cannot be read: %s"
                            .formatted(container.name(), e.getMessage()));
        }
        String text = message;
        return memory -> memory.instance(container.id(), i -> i.said(text));
    }

    private String file(ContainerStatus container, Job job) {
        boolean sandboxRuns =
                job.situation().observed().sandboxes().stream()
                        .anyMatch(s -> s.ready() && s.id().equals(container.sandboxId()));
        if (!sandboxRuns) {
            return "";
        }
        Optional<byte[]> content =
                engine.readFile(
                        container.sandboxId(),
                        job.key(),
                        PodTranslator.SYSTEM_VOLUME,
                        PodTranslator.terminationLogPath(container.name(), container.attempt()),
                        FILE_LIMIT_BYTES);
        return content.map(bytes -> end(bytes, MESSAGE_LIMIT_BYTES)).orElse("");
    }

    private static boolean fallsBack(ContainerStatus container, Job job) {
        boolean failed =
                container.state() instanceof ContainerStatus.State.Exited exited
                        && exited.exitCode() != 0;
        String policy =
                job.situation()
                        .member(container.name())
                        .map(m -> m.spec().getTerminationMessagePolicy())
                        .or(() ->
                                Optional.ofNullable(
                                        container.labels().get(Labels.TERMINATION_MESSAGE_POLICY)))
                        .orElse("File");
        return failed && policy.equals("FallbackToLogsOnError");
    }

    private String log(ContainerStatus container) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogRequest request =
                new LogRequest(false, false, false, LOG_LINES, null, null, LogRequest.Source.ALL);
        engine.logs(container.id(), request, out);
        return end(out.toByteArray(), LOG_LIMIT_BYTES);
    }

    private static String end(byte[] bytes, int limit) {
        int from = Math.max(0, bytes.length - limit);
        return new String(Arrays.copyOfRange(bytes, from, bytes.length), StandardCharsets.UTF_8);
    }
}
