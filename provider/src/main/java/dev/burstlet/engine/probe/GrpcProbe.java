package dev.burstlet.engine.probe;

import io.fabric8.kubernetes.api.model.GRPCAction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.health.v1.Health/Check} on the pod, without TLS, as the kubelet's. The two messages
 * have one field each, so they are put together here rather than by a gRPC stack.
 */
final class GrpcProbe {
    private static final MediaType GRPC = MediaType.get("application/grpc");
    private static final int SERVING = 1;
    private static final int UNIMPLEMENTED = 12;
    private static final int MAX_REPLY = 4096;

    private final PodDialer dialer;
    private final OkHttpClient base;

    GrpcProbe(PodDialer dialer, OkHttpClient base) {
        this.dialer = dialer;
        this.base = base;
    }

    ProbeResult probe(GRPCAction action, ProbeTarget target, Duration timeout) {
        int port = action.getPort();
        OkHttpClient client =
                base.newBuilder()
                        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                        .callTimeout(timeout)
                        .connectTimeout(timeout)
                        .readTimeout(timeout)
                        .socketFactory(dialer.sockets(target))
                        .build();
        try (Response response = client.newCall(request(action, target.podIp(), port)).execute()) {
            return judge(response);
        } catch (IOException e) {
            return new ProbeResult.Failure(
                    "timeout: failed to connect service \""
                            + target.podIp()
                            + ":"
                            + port
                            + "\" within "
                            + timeout.toSeconds()
                            + "s: "
                            + DialError.text(e, target.podIp(), port));
        } finally {
            client.connectionPool().evictAll();
        }
    }

    private static Request request(GRPCAction action, String host, int port) {
        HttpUrl url =
                new HttpUrl.Builder()
                        .scheme("http")
                        .host(host)
                        .port(port)
                        .addPathSegments("grpc.health.v1.Health/Check")
                        .build();
        return new Request.Builder()
                .url(url)
                .header("te", "trailers")
                .header("user-agent", "kube-probe/1.36")
                .post(
                        RequestBody.create(
                                message(Objects.requireNonNullElse(action.getService(), "")), GRPC))
                .build();
    }

    /** HealthCheckRequest: field 1, a string; in gRPC's frame of a flag and a length. */
    private static byte[] message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(name.length + 6);
        if (name.length > 0) {
            body.put((byte) 0x0a);
            for (int rest = name.length; ; rest >>>= 7) {
                if (rest < 0x80) {
                    body.put((byte) rest);
                    break;
                }
                body.put((byte) ((rest & 0x7f) | 0x80));
            }
            body.put(name);
        }
        body.flip();
        ByteBuffer frame = ByteBuffer.allocate(5 + body.remaining());
        frame.put((byte) 0).putInt(body.remaining()).put(body);
        return frame.array();
    }

    private static ProbeResult judge(Response response) throws IOException {
        if (response.code() != 200) {
            return new ProbeResult.Failure(
                    "service unhealthy (HTTP status " + response.code() + ")");
        }
        byte[] reply = response.body().byteStream().readNBytes(MAX_REPLY);
        String status = grpcStatus(response);
        if (!status.equals("0")) {
            return new ProbeResult.Failure(
                    status.equals(Integer.toString(UNIMPLEMENTED))
                            ? "this server does not implement the grpc health protocol (grpc.health.v1.Health): "
                                    + grpcMessage(response)
                            : "health rpc probe failed: " + grpcMessage(response));
        }
        int health = health(reply);
        return health == SERVING
                ? new ProbeResult.Success()
                : new ProbeResult.Failure(
                        "service unhealthy (responded with \"" + healthName(health) + "\")");
    }

    private static String grpcStatus(Response response) throws IOException {
        @Nullable String inHeaders = response.header("grpc-status");
        return inHeaders != null
                ? inHeaders
                : Objects.requireNonNullElse(response.trailers().get("grpc-status"), "2");
    }

    private static String grpcMessage(Response response) throws IOException {
        @Nullable String inHeaders = response.header("grpc-message");
        return inHeaders != null
                ? inHeaders
                : Objects.requireNonNullElse(response.trailers().get("grpc-message"), "");
    }

    /** HealthCheckResponse: field 1, an enum; absent is UNKNOWN. */
    private static int health(byte[] reply) {
        return reply.length >= 7 && reply[5] == 0x08 ? reply[6] : 0;
    }

    private static String healthName(int health) {
        return switch (health) {
            case 2 -> "NOT_SERVING";
            case 3 -> "SERVICE_UNKNOWN";
            default -> "UNKNOWN";
        };
    }
}
