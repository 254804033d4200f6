package dev.burstlet.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are made for every pod, straight over the client's connection: the library's own
 * reads an object before it patches it, parses answers nobody needs, and reads watches twice.
 * Objects are read without their managedFields. Thread-safe; each call blocks its thread until the
 * answer or the client's request time-out, and throws {@link KubernetesClientException} with the
 * code of a refusal.
 */
public final class ApiCalls {
    static final ObjectMapper JSON =
            JsonMapper.builder(buffers())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
                    .build();
    private static final String PLAIN = "application/json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private final KubernetesClient client;

    ApiCalls(KubernetesClient client) {
        this.client = client;
    }

    /** Buffers for all threads: virtual ones do not live long enough to have their own. */
    static JsonFactory buffers() {
        return JsonFactory.builder()
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build();
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}

    /** Reads an object; empty where there is none. */
    public <T> Optional<T> get(String path, Class<T> type) {
        byte[] answer;
        try {
            answer = send(request("GET", path, PLAIN, null, PLAIN));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(read(answer, type));
    }

    /** Reads a list. */
    <T> T list(String path, Class<T> type) {
        return read(send(request("GET", path, PLAIN, null, PLAIN)), type);
    }

    /** Posts an object and reads the answer. */
    public <T> T post(String path, Object body, Class<T> answer) {
        return read(send(request("POST", path, PLAIN, json(body), PLAIN)), answer);
    }

    /** Posts an object of which the answer tells nothing new. */
    public void post(String path, Object body) {
        send(request("POST", path, PLAIN, json(body), METADATA_ONLY));
    }

    /** Applies a strategic merge patch and reads the object as it is then. */
    public <T> T patch(String path, ObjectNode patch, Class<T> type) {
        return read(send(request("PATCH", path, STRATEGIC, json(patch), PLAIN)), type);
    }

    /** Applies a strategic merge patch; returns the object's new resourceVersion. */
    public String patchVersion(String path, ObjectNode patch) {
        byte[] answer = send(request("PATCH", path, STRATEGIC, json(patch), METADATA_ONLY));
        try {
            return version(new JsonWalk(answer, answer.length));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Removes an object of that UID, without grace. */
    public void delete(String path, String uid) {
        ObjectNode options = JSON.createObjectNode().put("kind", "DeleteOptions");
        options.put("apiVersion", "v1").put("gracePeriodSeconds", 0);
        options.putObject("preconditions").put("uid", uid);
        send(request("DELETE", path, PLAIN, options.toString(), METADATA_ONLY));
    }

    /** Follows a collection; returns when the API server has accepted. */
    <T> Watch watch(String path, Reading<T> reading, Watcher<T> watcher) {
        WatchLines<T> lines = new WatchLines<>(reading, watcher);
        HttpRequest request = builder("GET", path, PLAIN, null, PLAIN).forStreaming().build();
        HttpResponse<?> response =
                await(
                        client.getHttpClient()
                                .consumeBytes(request, lines::take)
                                .thenApply(lines::begin));
        if (!response.isSuccessful()) {
            lines.close();
            throw new KubernetesClientException(
                    "watch of " + path + " refused: " + response.message(), response.code(), null);
        }
        return lines;
    }

    private HttpRequest request(
            String method, String path, String type, @Nullable String body, String accept) {
        return builder(method, path, type, body, accept).build();
    }

    private HttpRequest.Builder builder(
            String method, String path, String type, @Nullable String body, String accept) {
        String base = client.getMasterUrl().toString();
        String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        HttpRequest.Builder builder =
                client.getHttpClient()
                        .newHttpRequestBuilder()
                        .uri(root + path)
                        .header("Accept", accept);
        if (body != null) {
            builder.method(method, type, body);
        }
        return builder;
    }

    private byte[] send(HttpRequest request) {
        Answer answer = new Answer();
        HttpResponse<?> response =
                await(
                        client.getHttpClient()
                                .consumeBytes(request, answer::take)
                                .thenCompose(answer::begin));
        if (!response.isSuccessful()) {
            throw refusal(request, response.code(), answer.bytes());
        }
        return answer.bytes();
    }

    private <T> T await(CompletableFuture<T> answer) {
        try {
            long patience = client.getConfiguration().getRequestTimeout();
            return patience <= 0 ? answer.get() : answer.get(patience, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new KubernetesClientException("the API server did not answer in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KubernetesClientException(String.valueOf(cause.getMessage()), cause);
        }
    }

    private static KubernetesClientException refusal(HttpRequest request, int code, byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8);
        Status status;
        try {
            status = JSON.readValue(text, Status.class);
        } catch (JsonProcessingException e) {
            status = null;
        }
        String message = status == null || status.getMessage() == null ? text : status.getMessage();
        return new KubernetesClientException(
                request.method() + " " + request.uri().getPath() + ": " + message, code, status);
    }

    private static <T> T read(byte[] answer, Class<T> type) {
        try {
            return JSON.readValue(answer, type);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static String version(JsonWalk object) throws IOException {
        object.enter();
        while (object.next()) {
            if (object.name().equals("metadata")) {
                object.enter();
            } else if (object.name().equals("resourceVersion")) {
                return object.text();
            } else {
                object.skip();
            }
        }
        throw new IOException("no resourceVersion");
    }

    private static KubernetesClientException unreadable(IOException e) {
        return new KubernetesClientException("unreadable answer: " + e.getMessage(), e);
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
