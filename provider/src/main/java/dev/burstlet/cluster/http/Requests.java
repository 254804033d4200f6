package dev.burstlet.cluster.http;

import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest.ByteArrayBodyContent;
import io.fabric8.kubernetes.client.http.StandardHttpRequest.InputStreamBodyContent;
import io.fabric8.kubernetes.client.http.StandardHttpRequest.StringBodyContent;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.jspecify.annotations.Nullable;

/** The Kubernetes client's requests as those of the HTTP client. */
final class Requests {
    private Requests() {}

    static HttpUriRequestBase of(StandardHttpRequest request) {
        HttpUriRequestBase sent = new HttpUriRequestBase(request.method(), request.uri());
        request.headers().forEach((name, values) -> values.forEach(v -> sent.addHeader(name, v)));
        if (request.method().equals("GET") && !request.isForStreaming()) {
            sent.addHeader(HttpHeaders.ACCEPT_ENCODING, "gzip");
        }
        HttpEntity body = entity(request.body());
        if (body != null) {
            sent.setEntity(body);
            if (request.getContentType() != null) {
                sent.setHeader(StandardHttpHeaders.CONTENT_TYPE, request.getContentType());
            }
        }
        return sent;
    }

    private static @Nullable HttpEntity entity(StandardHttpRequest.@Nullable BodyContent content) {
        return switch (content) {
            case null -> null;
            case StringBodyContent text ->
                    new ByteArrayEntity(text.getContent().getBytes(StandardCharsets.UTF_8), null);
            case ByteArrayBodyContent bytes -> new ByteArrayEntity(bytes.getContent(), null);
            case InputStreamBodyContent stream ->
                    new InputStreamEntity(stream.getContent(), stream.getLength(), null);
            default -> throw new IllegalArgumentException("body " + content.getClass());
        };
    }
}
