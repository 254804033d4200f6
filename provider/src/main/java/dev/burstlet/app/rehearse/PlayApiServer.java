package dev.burstlet.app.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.burstlet.serve.tls.NodeNames;
import dev.burstlet.serve.tls.SelfSignedCertificate;
import dev.burstlet.serve.tls.ServingIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Answers just enough of the Kubernetes API, on loopback, for one node to start and run the one pod
 * that it is given: lists are empty but for that pod, what is created is given back, watches stay
 * silent. For the rehearsal only.
 */
final class PlayApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpsServer server;
    private final String pod;
    private final Map<String, ObjectNode> created = new ConcurrentHashMap<>();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param pod the pod, as JSON
     */
    PlayApiServer(String pod) throws IOException {
        this.pod = pod;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    private static SSLContext tls() {
        ServingIdentity self =
                new SelfSignedCertificate(
                                new NodeNames("play", List.of("127.0.0.1"), List.of()),
                                InstantSource.system())
                        .current();
        X509Certificate[] chain = self.chain().toArray(X509Certificate[]::new);
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("play", self.key(), new char[0], chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(keys, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the pod's status to say Running. */
    boolean awaitRunning(long seconds) throws InterruptedException {
        return running.await(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (query.contains("watch=true") || query.contains("watch=1")) {
                stay(exchange);
                return;
            }
            @Nullable String reply =
                    reply(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
            byte[] bytes = (reply == null ? notFound() : reply).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void stay(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String reply(String method, String path, String body) throws IOException {
        if (path.contains("/pods/") && body.contains("\"Running\"")) {
            running.countDown();
        }
        return switch (method) {
            case "GET" -> get(path);
            case "POST" -> path.endsWith("/token") ? token() : created(body);
            case "DELETE" -> "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}";
            default -> path.contains("/pods/") ? pod : patched(path, body);
        };
    }

    /** What was created under that path, changed; a list in the patch takes the old one's place. */
    private String patched(String path, String body) throws IOException {
        String name = path.replaceFirst("/status$", "").replaceFirst(".*/", "");
        ObjectNode object = created.get(name);
        if (object == null || !(JSON.readTree(body) instanceof ObjectNode patch)) {
            return created(body);
        }
        synchronized (object) {
            merge(object, patch);
            return JSON.writeValueAsString(object);
        }
    }

    private static void merge(ObjectNode object, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue() instanceof ObjectNode inner
                    && object.get(field.getKey()) instanceof ObjectNode old) {
                merge(old, inner);
            } else {
                object.set(field.getKey(), field.getValue());
            }
        }
    }

    private @Nullable String get(String path) {
        if (path.endsWith("/namespaces/kube-system")) {
            return "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"kube-system\",\"uid\":\"rehearsal\"}}";
        }
        if (path.endsWith("/version")) {
            return "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.0\"}";
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (last) {
            case "pods" -> list("PodList", pod);
            case "nodes" -> list("NodeList", "");
            case "runtimeclasses" -> list("RuntimeClassList", "");
            case "services" -> list("ServiceList", "");
            case "configmaps" -> list("ConfigMapList", "");
            case "secrets" -> list("SecretList", "");
            case "leases" ->
                    "{\"kind\":\"LeaseList\",\"apiVersion\":\"coordination.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";
            default -> path.contains("/pods/") ? pod : null;
        };
    }

    private static String list(String kind, String item) {
        return "{\"kind\":\""
                + kind
                + "\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
                + item
                + "]}";
    }

    private static String token() {
        return "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\",\"metadata\":{},\"status\":"
                + "{\"token\":\"rehearsal\",\"expirationTimestamp\":\"2099-01-01T00:00:00Z\"}}";
    }

    private String created(String body) throws IOException {
        if (!(JSON.readTree(body) instanceof ObjectNode object)) {
            return "{}";
        }
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("resourceVersion", "2");
        metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
        created.put(metadata.path("name").asText(), object);
        return JSON.writeValueAsString(object);
    }

    private static String notFound() {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}";
    }
}
