package dev.burstlet.docker.container;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.Set;
import java.util.TreeSet;

/** The OCI runtimes that the engine knows, by the names that a RuntimeClass's handler may have. */
public final class Runtimes {
    private final EngineClient client;
    private volatile Set<String> known = Set.of();

    public Runtimes(EngineClient client) {
        this.client = client;
    }

    /** Takes note of what {@code GET /info} said. */
    public void learn(JsonNode info) {
        Set<String> names = new TreeSet<>();
        info.path("Runtimes").fieldNames().forEachRemaining(names::add);
        known = names;
    }

    /**
     * Makes sure that there is such a handler; the empty one is always there.
     *
     * @throws BackendException UNSUPPORTED naming the field
     */
    void require(String handler) {
        if (handler.isEmpty() || known.contains(handler)) {
            return;
        }
        learn(client.call(Budget.QUERY, EngineRequest.get("/info")));
        if (!known.contains(handler)) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "runtimeClassName: Docker host "
                            + client.host()
                            + " has no runtime \""
                            + handler
                            + "\", only "
                            + String.join(", ", known));
        }
    }
}
