package dev.burstlet.docker.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.Labels;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.client.Filters;
import dev.burstlet.pod.BackendException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of the engine's events for all who listen, opened again for ever when it breaks. A
 * stream that is silent is taken for alive only as long as the engine answers pings.
 */
public final class EventStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PING_EVERY = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private static final List<String> ACTIONS =
            List.of("create", "start", "die", "oom", "pause", "unpause", "destroy", "update");

    private final EngineClient client;
    private final List<Consumer<EngineEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable EngineEvent state;
    private volatile DockerHttpClient.@Nullable Response current;
    private @Nullable Thread reader;
    private @Nullable Thread pinger;

    public EventStream(EngineClient client) {
        this.client = client;
    }

    /** Tells a consumer from now on; the first thing it hears is whether the engine answers. */
    public synchronized AutoCloseable listen(Consumer<EngineEvent> consumer) {
        listeners.add(consumer);
        if (reader == null) {
            reader = Thread.ofVirtual().name("docker-events " + client.host()).start(this::read);
            pinger = Thread.ofVirtual().name("docker-ping " + client.host()).start(this::ping);
        } else if (state != null) {
            deliver(consumer, state);
        }
        return () -> listeners.remove(consumer);
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        listeners.clear();
        if (reader != null) {
            reader.interrupt();
        }
        if (pinger != null) {
            pinger.interrupt();
        }
    }

    private void read() {
        Duration pause = FIRST_PAUSE;
        while (open()) {
            String cause = "the stream of events ended";
            boolean connected = false;
            try (DockerHttpClient.Response response = client.run(Budget.QUERY, this::connect)) {
                connected = true;
                change(new EngineEvent.Connected());
                follow(response);
            } catch (IOException | RuntimeException e) {
                cause = String.valueOf(e.getMessage());
            }
            if (!open()) {
                return;
            }
            disconnected(cause);
            pause = connected ? FIRST_PAUSE : longer(pause);
            if (!await(pause)) {
                return;
            }
        }
    }

    private DockerHttpClient.Response connect() throws IOException {
        client.forgetVersion();
        DockerHttpClient.Response response = client.open(EngineRequest.get(path()));
        if (response.getStatusCode() != 200) {
            response.close();
            throw new IOException("events: HTTP status " + response.getStatusCode());
        }
        return response;
    }

    private static String path() {
        return "/events?"
                + Filters.query(
                        Map.of(
                                "type",
                                List.of("container"),
                                "label",
                                List.of(Labels.CLUSTER),
                                "event",
                                ACTIONS));
    }

    private void follow(DockerHttpClient.Response response) throws IOException {
        current = response;
        try (MappingIterator<JsonNode> events =
                JSON.readerFor(JsonNode.class).readValues(response.getBody())) {
            while (events.hasNextValue()) {
                told(events.nextValue());
            }
        } finally {
            current = null;
        }
    }

    private void told(JsonNode event) {
        JsonNode actor = event.path("Actor");
        String uid = actor.path("Attributes").path(Labels.POD_UID).asText("");
        if (uid.isEmpty()) {
            return;
        }
        if (event.path("Action").asText().equals("die")) {
            String id = actor.path("ID").asText();
            Thread.ofVirtual().name("docker-ended " + id).start(() -> ended(id, uid));
        } else {
            publish(new EngineEvent.PodChanged(uid));
        }
    }

    /**
     * The engine tells of an end before its lists show it, but does both under the container's
     * lock. An inspect waits for that lock: after it, the lists are right.
     */
    private void ended(String id, String uid) {
        try {
            client.send(
                    Budget.QUERY,
                    client.callTimeout(),
                    EngineRequest.get("/containers/" + id + "/json"));
        } catch (BackendException e) {
            LOG.debug("Container {} that ended cannot be inspected: {}", id, e.getMessage());
        }
        publish(new EngineEvent.PodChanged(uid));
    }

    private void ping() {
        while (await(PING_EVERY)) {
            DockerHttpClient.Response followed = current;
            if (followed == null) {
                continue;
            }
            try {
                EngineRequest ping = EngineRequest.get("/_ping");
                EngineAnswer answer = client.send(Budget.QUERY, client.callTimeout(), ping);
                if (!answer.ok()) {
                    throw client.failure(answer);
                }
            } catch (BackendException e) {
                disconnected(String.valueOf(e.getMessage()));
                followed.close();
            }
        }
    }

    private void disconnected(String cause) {
        String words =
                cause.contains(client.host())
                        ? cause
                        : "Docker host " + client.host() + ": " + cause;
        change(new EngineEvent.Disconnected(words));
    }

    /** Tells of a change between answering and not; saying the same twice is left out. */
    private synchronized void change(EngineEvent next) {
        boolean same = state != null && state.getClass() == next.getClass();
        state = next;
        if (!same) {
            LOG.info("Docker host {}: {}", client.host(), next);
            publish(next);
        }
    }

    private void publish(EngineEvent event) {
        listeners.forEach(listener -> deliver(listener, event));
    }

    private static void deliver(Consumer<EngineEvent> listener, EngineEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("a listener failed at {}", event, e);
        }
    }

    private boolean open() {
        return closed.getCount() > 0;
    }

    /** Waits; false when this was closed. */
    private boolean await(Duration time) {
        try {
            return !closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
