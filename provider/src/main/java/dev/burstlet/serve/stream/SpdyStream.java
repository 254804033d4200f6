package dev.burstlet.serve.stream;

import java.util.Map;

/** One stream that a client opened. */
record SpdyStream(int id, Map<String, String> headers, Inbox in, Outlet out) {
    SpdyStream {
        headers = Map.copyOf(headers);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    String type() {
        return header("streamtype");
    }
}
