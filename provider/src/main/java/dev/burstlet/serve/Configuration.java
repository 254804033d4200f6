package dev.burstlet.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Service;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /configz}: the effective configuration, under the kubelet's key. */
final class Configuration implements Service {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<Map<String, Object>> configuration;

    Configuration(Supplier<Map<String, Object>> configuration) {
        this.configuration = configuration;
    }

    @Override
    public void serve(Exchange exchange) throws IOException {
        exchange.respond(
                200,
                "application/json",
                JSON.writeValueAsBytes(Map.of("kubeletconfig", configuration.get())));
    }
}
