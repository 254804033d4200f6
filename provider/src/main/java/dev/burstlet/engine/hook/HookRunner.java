package dev.burstlet.engine.hook;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ExecResult;
import dev.burstlet.engine.probe.ProbeResult;
import dev.burstlet.engine.probe.ProbeTransport;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a postStart or preStop hook to its end. Safe for use by many threads; interrupting the
 * thread gives the hook up.
 */
public final class HookRunner {
    private static final int OUTPUT_LIMIT = 16 * 1024;

    private final ContainerEngine engine;
    private final ProbeTransport transport;

    public HookRunner(ContainerEngine engine, ProbeTransport transport) {
        this.engine = engine;
        this.transport = transport;
    }

    /**
     * Blocks until the hook has ended.
     *
     * @param timeout after which it is given up and counts as failed
     * @throws HookException where it failed
     * @throws BackendException UNAVAILABLE where the host did not answer
     */
    public void run(LifecycleHandler handler, HookTarget target, Duration timeout)
            throws HookException, InterruptedException {
        if (handler.getExec() != null) {
            exec(handler.getExec().getCommand(), target, timeout);
        } else if (handler.getHttpGet() != null) {
            http(handler.getHttpGet(), target, timeout);
        } else if (handler.getSleep() != null) {
            @Nullable Long seconds = handler.getSleep().getSeconds();
            Duration sleep = Duration.ofSeconds(seconds == null ? 0 : Math.max(0, seconds));
            Thread.sleep(sleep.compareTo(timeout) < 0 ? sleep : timeout);
        } else {
            throw new HookException("invalid handler: only exec, httpGet and sleep are supported");
        }
    }

    private void exec(List<String> command, HookTarget target, Duration timeout)
            throws HookException, InterruptedException {
        String who =
                "Exec lifecycle hook ("
                        + "["
                        + String.join(" ", command)
                        + "]) for Container \""
                        + target.spec().getName()
                        + "\" in Pod \""
                        + target.key().name()
                        + "_"
                        + target.key().namespace()
                        + "("
                        + target.key().uid()
                        + ")\" failed";
        try {
            ExecResult result =
                    engine.execSync(target.containerId(), command, timeout, OUTPUT_LIMIT);
            if (result.exitCode() != 0) {
                throw new HookException(
                        who
                                + " - error: command '"
                                + String.join(" ", command)
                                + "' exited with "
                                + result.exitCode()
                                + ": "
                                + result.output()
                                + ", message: "
                                + quoted(result.output()));
            }
        } catch (BackendException e) {
            String message = who + " - error: " + e.getMessage();
            if (e.reason() == Reason.UNAVAILABLE) {
                throw new BackendException(Reason.UNAVAILABLE, message, e);
            }
            throw new HookException(message);
        }
    }

    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                + '"';
    }

    /** The answer's status does not matter to a hook, only that there is one. */
    private void http(HTTPGetAction action, HookTarget target, Duration timeout)
            throws HookException {
        ProbeResult result = transport.hook(action, target.asProbeTarget(), timeout);
        if (failed(result) && "HTTPS".equals(action.getScheme())) {
            HTTPGetAction plain = new HTTPGetActionBuilder(action).withScheme("HTTP").build();
            result = transport.hook(plain, target.asProbeTarget(), timeout);
        }
        switch (result) {
            case ProbeResult.Success _, ProbeResult.Warning _ -> {}
            case ProbeResult.Failure(String output) -> {
                if (!answered(output)) {
                    throw new HookException(
                            "HTTP lifecycle hook for Container \""
                                    + target.spec().getName()
                                    + "\" failed: "
                                    + output);
                }
            }
            case ProbeResult.Errored(String message) -> throw new HookException(message);
        }
    }

    private static boolean failed(ProbeResult result) {
        return result instanceof ProbeResult.Failure(String output) && !answered(output);
    }

    private static boolean answered(String output) {
        return output.startsWith("HTTP probe failed with statuscode");
    }
}
