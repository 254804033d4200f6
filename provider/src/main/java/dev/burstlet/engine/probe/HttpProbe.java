package dev.burstlet.engine.probe;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP GET as the kubelet's: 200 to 399 is success, redirects are followed on the same host
 * only, certificates are not verified, 10 KiB of the body are read.
 */
final class HttpProbe {
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_BODY = 10 * 1024;

    private final PodDialer dialer;
    private final OkHttpClient base;
    private final String userAgent;

    HttpProbe(PodDialer dialer, OkHttpClient base, String userAgent) {
        this.userAgent = userAgent;
        this.dialer = dialer;
        this.base = base;
    }

    ProbeResult probe(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        OptionalInt port = target.port(action.getPort());
        if (port.isEmpty()) {
            return new ProbeResult.Errored("couldn't find port: " + portText(action));
        }
        try {
            return get(url(action, target, port.getAsInt()), action, client(target, timeout));
        } catch (IllegalArgumentException e) {
            return new ProbeResult.Errored("invalid httpGet: " + e.getMessage());
        }
    }

    private ProbeResult get(HttpUrl url, HTTPGetAction action, OkHttpClient client) {
        try {
            return follow(url, action, client);
        } catch (IOException e) {
            return new ProbeResult.Failure(
                    "Get \"" + url + "\": " + DialError.text(e, url.host(), url.port()));
        }
    }

    private ProbeResult follow(HttpUrl start, HTTPGetAction action, OkHttpClient client)
            throws IOException {
        HttpUrl url = start;
        for (int hop = 0; ; hop++) {
            try (Response response = client.newCall(request(url, action)).execute()) {
                @Nullable HttpUrl next = redirect(response, url);
                if (next == null) {
                    return judge(response);
                }
                if (!next.host().equals(start.host())) {
                    return new ProbeResult.Warning(
                            "Probe terminated redirects, Response body: " + body(response));
                }
                if (hop == MAX_REDIRECTS - 1) {
                    return new ProbeResult.Failure(
                            "Get \"" + next + "\": stopped after " + MAX_REDIRECTS + " redirects");
                }
                url = next;
            }
        }
    }

    private static ProbeResult judge(Response response) throws IOException {
        String body = body(response);
        if (response.code() >= 200 && response.code() < 400) {
            return response.code() >= 300
                    ? new ProbeResult.Warning("Probe terminated redirects, Response body: " + body)
                    : new ProbeResult.Success();
        }
        return new ProbeResult.Failure("HTTP probe failed with statuscode: " + response.code());
    }

    private static @Nullable HttpUrl redirect(Response response, HttpUrl from) {
        boolean redirects =
                switch (response.code()) {
                    case 301, 302, 303, 307, 308 -> true;
                    default -> false;
                };
        @Nullable String location = response.header("Location");
        return redirects && location != null ? from.resolve(location) : null;
    }

    private static String body(Response response) throws IOException {
        ResponseBody body = response.body();
        return new String(
                body.byteStream().readNBytes(MAX_BODY), java.nio.charset.StandardCharsets.UTF_8);
    }

    private Request request(HttpUrl url, HTTPGetAction action) {
        Request.Builder request =
                new Request.Builder()
                        .url(url)
                        .header("User-Agent", userAgent)
                        .header("Accept", "*/*")
                        .header("Connection", "close");
        for (HTTPHeader header :
                Objects.requireNonNullElse(action.getHttpHeaders(), List.<HTTPHeader>of())) {
            set(request, header);
        }
        return request.build();
    }

    /** A header given with an empty value takes the default away, as in the kubelet. */
    private static void set(Request.Builder request, HTTPHeader header) {
        String name = header.getName();
        String value = Objects.requireNonNullElse(header.getValue(), "");
        boolean hasDefault = name.equalsIgnoreCase("User-Agent") || name.equalsIgnoreCase("Accept");
        if (hasDefault && value.isEmpty()) {
            request.removeHeader(name);
        } else if (hasDefault || name.equalsIgnoreCase("Host")) {
            request.header(name, value);
        } else {
            request.addHeader(name, value);
        }
    }

    private OkHttpClient client(ProbeTarget target, Duration timeout) {
        return base.newBuilder()
                .callTimeout(timeout)
                .connectTimeout(timeout)
                .readTimeout(timeout)
                .socketFactory(dialer.sockets(target))
                .build();
    }

    private static HttpUrl url(HTTPGetAction action, ProbeTarget target, int port) {
        String scheme =
                Objects.requireNonNullElse(action.getScheme(), "HTTP").toLowerCase(Locale.ROOT);
        String host =
                action.getHost() == null || action.getHost().isEmpty()
                        ? target.podIp()
                        : action.getHost();
        HttpUrl base = new HttpUrl.Builder().scheme(scheme).host(host).port(port).build();
        String path = Objects.requireNonNullElse(action.getPath(), "/");
        HttpUrl resolved = base.resolve(path.startsWith("/") ? path : "/" + path);
        return resolved == null ? base : resolved;
    }

    private static String portText(HTTPGetAction action) {
        if (action.getPort() == null) {
            return "none is given";
        }
        return String.valueOf(
                action.getPort().getStrVal() != null
                        ? action.getPort().getStrVal()
                        : action.getPort().getIntVal());
    }
}
