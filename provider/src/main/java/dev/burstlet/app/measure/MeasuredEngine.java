package dev.burstlet.app.measure;

import dev.burstlet.container.ContainerEngine;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container engine whose calls are counted and timed, under the kubelet's names of them. Streams
 * are passed on as they are: how long they last says nothing of the engine.
 */
public final class MeasuredEngine implements InvocationHandler {
    private static final Set<String> UNMEASURED =
            Set.of(
                    "events",
                    "exec",
                    "attach",
                    "portForward",
                    "dial",
                    "logs",
                    "close",
                    // Of the host, not of its runtime.
                    "updateSandboxResources",
                    "releaseVolumes",
                    "hostDns");

    /** Where the kubelet's name is not the method's. */
    private static final Map<String, String> NAMES =
            Map.of(
                    "info", "version",
                    "stats", "list_container_stats",
                    "updateContainerResources", "update_container");

    private static final Pattern WORD = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private final ContainerEngine engine;
    private final RuntimeOperations operations;

    private MeasuredEngine(ContainerEngine engine, RuntimeOperations operations) {
        this.engine = engine;
        this.operations = operations;
    }

    /** The engine, measured by a node's meters. */
    public static ContainerEngine of(ContainerEngine engine, NodeMeters meters) {
        return (ContainerEngine)
                Proxy.newProxyInstance(
                        ContainerEngine.class.getClassLoader(),
                        new Class<?>[] {ContainerEngine.class},
                        new MeasuredEngine(engine, new RuntimeOperations(meters.registry())));
    }

    @Override
    public @Nullable Object invoke(
            Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        boolean measured =
                method.getDeclaringClass() == ContainerEngine.class
                        && !UNMEASURED.contains(method.getName());
        return measured
                ? operations.timed(method, () -> call(method, arguments))
                : call(method, arguments);
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(engine, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    /** {@code runPodSandbox} is {@code run_podsandbox}. */
    static String name(String method) {
        String known = NAMES.get(method);
        return known != null
                ? known
                : WORD.matcher(method)
                        .replaceAll("_")
                        .toLowerCase(Locale.ROOT)
                        .replace("pod_sandboxes", "podsandbox")
                        .replace("pod_sandbox", "podsandbox");
    }
}
