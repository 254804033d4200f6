package dev.burstlet.serve;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Service;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /healthz} and its single checks: ping and log, which hold while anything is answered, and
 * syncloop.
 */
final class Health implements Service {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Supplier<Optional<String>> syncLoop;

    Health(Supplier<Optional<String>> syncLoop) {
        this.syncLoop = syncLoop;
    }

    @Override
    public void serve(Exchange exchange) {
        Map<String, Optional<String>> checks = new LinkedHashMap<>();
        checks.put("ping", Optional.empty());
        checks.put("log", Optional.empty());
        checks.put("syncloop", syncLoop.get());
        if (exchange.path().size() > 1) {
            checks.keySet().retainAll(List.of(exchange.path().segment(1)));
        }
        checks.keySet().removeAll(exchange.query().all("exclude"));
        boolean healthy = checks.values().stream().allMatch(Optional::isEmpty);
        if (healthy && !exchange.query().values().containsKey("verbose")) {
            exchange.respond(TEXT, "ok");
            return;
        }
        StringBuilder told = new StringBuilder();
        checks.forEach((name, failure) ->
                told.append(failure.isEmpty() ? "[+]" : "[-]")
                        .append(name)
                        .append(failure.map(why -> " failed: " + why).orElse(" ok"))
                        .append('\n'));
        told.append(healthy ? "healthz check passed\n" : "healthz check failed\n");
        exchange.respond(
                healthy ? 200 : 500, TEXT, told.toString().getBytes(StandardCharsets.UTF_8));
    }
}
