package dev.burstlet.docker.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.client.Filters;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine's calls about one container, sandbox or not, each safe to repeat. */
final class ContainerCalls {
    /** Starting and removing take long on a busy host. */
    private static final int SLOW = 4;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final EngineClient client;

    ContainerCalls(EngineClient client) {
        this.client = client;
    }

    private Duration slow() {
        return client.callTimeout().multipliedBy(SLOW);
    }

    /** Answers with the new id, or 409 where the name is taken, or another failure. */
    EngineAnswer create(String name, ObjectNode body) {
        return client.send(
                Budget.LIFECYCLE,
                slow(),
                EngineRequest.post("/containers/create?name=" + EngineRequest.encode(name), body));
    }

    String id(EngineAnswer created) {
        return client.parse(created).path("Id").asText();
    }

    /**
     * The failure that an answer is. The engine tells with various statuses that a sandbox, whose
     * namespaces a container is to join, is dead or gone.
     */
    BackendException failure(EngineAnswer answer) {
        BackendException failure = client.failure(answer);
        String words = String.valueOf(failure.getMessage());
        if (words.contains("non running container") || words.contains("is not running")) {
            return new BackendException(Reason.CONFLICT, words);
        }
        return words.contains("No such container")
                ? new BackendException(Reason.NOT_FOUND, words)
                : failure;
    }

    EngineAnswer start(String id) {
        return start(id, () -> {});
    }

    /** Starts a container, after what is done right before. */
    EngineAnswer start(String id, Runnable before) {
        return client.send(
                Budget.LIFECYCLE,
                slow(),
                EngineRequest.post("/containers/" + id + "/start"),
                before);
    }

    /** The inspection of a container by id or name. */
    Optional<JsonNode> inspect(String idOrName) {
        EngineAnswer answer =
                client.send(
                        Budget.QUERY,
                        client.callTimeout(),
                        EngineRequest.get("/containers/" + idOrName + "/json"));
        if (answer.status() == 404) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw client.failure(answer);
        }
        return Optional.of(client.parse(answer));
    }

    /** Those with all these labels, running or not. */
    List<JsonNode> list(List<String> labels) {
        JsonNode entries =
                client.call(
                        Budget.QUERY,
                        EngineRequest.get("/containers/json?all=1&" + Filters.labels(labels)));
        List<JsonNode> list = new ArrayList<>();
        entries.forEach(list::add);
        return list;
    }

    /** Kills a container; when this returns it has ended or is gone. */
    void kill(String id) {
        EngineAnswer answer =
                client.send(
                        Budget.WAIT,
                        slow(),
                        EngineRequest.post("/containers/" + id + "/kill?signal=KILL"));
        // 409: it does not run.
        if (!answer.ok() && answer.status() != 409 && answer.status() != 404) {
            throw client.failure(answer);
        }
        requireEnded(id);
    }

    /** Ends a container; when this returns it has ended or is gone. */
    void stop(String id, Duration gracePeriod) {
        long seconds = (gracePeriod.toMillis() + 999) / 1000;
        EngineAnswer answer =
                client.send(
                        Budget.WAIT,
                        slow().plus(gracePeriod),
                        EngineRequest.post("/containers/" + id + "/stop?t=" + seconds));
        if (!answer.ok() && answer.status() != 304 && answer.status() != 404) {
            throw client.failure(answer);
        }
        requireEnded(id);
    }

    private void requireEnded(String id) {
        boolean runs =
                inspect(id)
                        .map(found -> found.path("State").path("Running").asBoolean())
                        .orElse(false);
        if (runs) {
            throw new BackendException(
                    Reason.ENGINE,
                    "Docker host " + client.host() + ": container " + id + " does not end");
        }
    }

    /** Removes a container, running or not; when this returns it is gone. */
    void remove(String id) {
        EngineAnswer answer =
                client.send(
                        Budget.LIFECYCLE,
                        slow(),
                        EngineRequest.delete("/containers/" + id + "?force=1&v=1"));
        if (answer.status() == 409 && answer.message().contains("already in progress")) {
            awaitGone(id);
        } else if (!answer.ok() && answer.status() != 404) {
            throw client.failure(answer);
        }
    }

    private void awaitGone(String id) {
        long end = System.nanoTime() + slow().toNanos();
        while (inspect(id).isPresent()) {
            if (System.nanoTime() > end) {
                throw new BackendException(
                        Reason.TIMEOUT,
                        "Docker host " + client.host() + ": container " + id + " does not go away");
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BackendException(Reason.UNAVAILABLE, "the removal was given up", e);
            }
        }
    }
}
