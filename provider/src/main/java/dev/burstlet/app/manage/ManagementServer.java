package dev.burstlet.app.manage;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Serves {@code /health} and {@code /metrics} of this process, without authentication: keep it on
 * loopback.
 */
public final class ManagementServer implements AutoCloseable {
    private final ApplicationContext context;
    private final EmbeddedServer server;

    private ManagementServer(ApplicationContext context, EmbeddedServer server) {
        this.context = context;
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param metrics in the Prometheus text format
     * @param healthy whether every node is kept
     */
    public static ManagementServer start(
            String host, int port, Supplier<String> metrics, BooleanSupplier healthy) {
        ApplicationContext context =
                ApplicationContext.builder()
                        .banner(false)
                        .deduceEnvironment(false)
                        .properties(
                                Map.of(
                                        "micronaut.server.host",
                                        host,
                                        "micronaut.server.port",
                                        port == 0 ? -1 : port))
                        .singletons(new ProcessState(metrics, healthy))
                        .start();
        EmbeddedServer server = context.getBean(EmbeddedServer.class);
        server.start();
        return new ManagementServer(context, server);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.stop();
        context.close();
    }
}
