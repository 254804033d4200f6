package dev.burstlet.docker.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.burstlet.container.PullRequest.Credential;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One pull with one credential or none. It may take long, but not without progress. */
final class ImagePull {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EngineClient client;
    private final ImageReference reference;
    private final Duration progressDeadline;
    private volatile long lastProgress = System.nanoTime();

    ImagePull(EngineClient client, ImageReference reference, Duration progressDeadline) {
        this.client = client;
        this.reference = reference;
        this.progressDeadline = progressDeadline;
    }

    /** Pulls, or throws what the engine or the registry said. */
    void run(@Nullable Credential credential) {
        EngineRequest request = request(credential);
        Callable<Boolean> work = () -> follow(request);
        FutureTask<Boolean> task = new FutureTask<>(work);
        lastProgress = System.nanoTime();
        try (AutoCloseable _ = client.lease(Budget.WAIT)) {
            Thread.ofVirtual().name("docker-pull").start(task);
            await(task);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.UNAVAILABLE, "the pull was given up", e);
        } catch (BackendException e) {
            task.cancel(true);
            throw e;
        } catch (Exception e) {
            task.cancel(true);
            throw new BackendException(Reason.ENGINE, String.valueOf(e.getMessage()), e);
        }
    }

    private void await(FutureTask<Boolean> task) throws InterruptedException {
        while (true) {
            long idle = System.nanoTime() - lastProgress;
            long left = progressDeadline.toNanos() - idle;
            if (left <= 0) {
                throw new BackendException(
                        Reason.IMAGE_PULL,
                        "the pull of "
                                + reference.lookup()
                                + " was given up: no progress for "
                                + progressDeadline.toSeconds()
                                + " s");
            }
            if (ended(task, left)) {
                return;
            }
        }
    }

    private boolean ended(FutureTask<Boolean> task, long nanos) throws InterruptedException {
        try {
            return task.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private BackendException failure(ExecutionException e) {
        return e.getCause() instanceof BackendException told
                ? told
                : new BackendException(
                        Reason.UNAVAILABLE,
                        "Docker host " + client.host() + ": the pull broke off: " + e.getCause(),
                        e);
    }

    private EngineRequest request(@Nullable Credential credential) {
        EngineRequest request =
                EngineRequest.post(
                        "/images/create?fromImage="
                                + EngineRequest.encode(reference.name())
                                + "&tag="
                                + EngineRequest.encode(reference.version()));
        return credential == null ? request : request.with("X-Registry-Auth", header(credential));
    }

    private static String header(Credential credential) {
        ObjectNode login = JsonNodeFactory.instance.objectNode();
        login.put("serveraddress", credential.server());
        if (credential.identityToken().isEmpty()) {
            login.put("username", credential.username()).put("password", credential.password());
        } else {
            login.put("identitytoken", credential.identityToken());
        }
        return Base64.getUrlEncoder()
                .encodeToString(login.toString().getBytes(StandardCharsets.UTF_8));
    }

    private boolean follow(EngineRequest request) throws IOException {
        try (DockerHttpClient.Response response = client.open(request)) {
            InputStream body = response.getBody();
            if (response.getStatusCode() != 200) {
                String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
                throw PullFailure.of(reference.lookup(), message(text));
            }
            try (MappingIterator<JsonNode> lines =
                    JSON.readerFor(JsonNode.class).readValues(body)) {
                while (lines.hasNextValue()) {
                    read(lines.nextValue());
                }
            }
            return true;
        }
    }

    private void read(JsonNode line) {
        lastProgress = System.nanoTime();
        if (line.has("error")) {
            throw PullFailure.of(reference.lookup(), line.path("error").asText());
        }
    }

    private static String message(String body) throws IOException {
        return body.startsWith("{") ? JSON.readTree(body).path("message").asText(body) : body;
    }
}
