package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens a remote command's streams over SPDY: the client opens each, named by its streamtype. */
final class SpdyCommand {
    private static final String V1 = "channel.k8s.io";
    private static final String V2 = "v2.channel.k8s.io";
    private static final String V3 = "v3.channel.k8s.io";
    private static final String V4 = "v4.channel.k8s.io";
    private static final String V5 = "v5.channel.k8s.io";
    private static final List<String> KNOWN = List.of(V5, V4, V3, V2, V1);
    private static final Set<String> WITH_RESIZE = Set.of(V3, V4, V5);
    private static final Set<String> WITH_STATUS = Set.of(V4, V5);
    private static final int MAX_STREAMS = 8;

    private final Set<String> expected = new HashSet<>();
    private final BlockingQueue<SpdyStream> arrived = new LinkedBlockingQueue<>();
    private final StreamLimits limits;
    private final String protocol;
    private final SpdySession session;

    private SpdyCommand(Exchange exchange, Wanted wanted, StreamLimits limits) throws Refusal {
        this.limits = limits;
        this.protocol = Upgrades.spdyProtocol(exchange, KNOWN);
        expected.add("error");
        expect("stdin", wanted.stdin());
        expect("stdout", wanted.stdout());
        expect("stderr", wanted.stderr());
        expect("resize", wanted.tty() && WITH_RESIZE.contains(protocol));
        Set<String> open = new HashSet<>();
        this.session =
                new SpdySession(
                        exchange.channel(),
                        limits.idle(),
                        MAX_STREAMS,
                        stream ->
                                expected.contains(stream.type())
                                        && open.add(stream.type())
                                        && arrived.add(stream));
    }

    /** Changes the protocol and waits for the client's streams. */
    static CommandStreams open(Exchange exchange, Wanted wanted, StreamLimits limits)
            throws Refusal, IOException, InterruptedException {
        SpdyCommand command = new SpdyCommand(exchange, wanted, limits);
        exchange.upgrade(Upgrades.spdyAnswer(command.protocol), command.session::install);
        return command.await();
    }

    private void expect(String type, boolean wanted) {
        if (wanted) {
            expected.add(type);
        }
    }

    private CommandStreams await() throws IOException, InterruptedException {
        long end = System.nanoTime() + limits.creation().toNanos();
        Map<String, SpdyStream> streams = new HashMap<>();
        while (streams.size() < expected.size()) {
            SpdyStream next = arrived.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new IOException("timed out waiting for the client to open its streams");
            }
            streams.put(next.type(), next);
        }
        SpdyStream error = streams.get("error");
        if (error == null) {
            throw new IOException("no error stream");
        }
        return new CommandStreams(
                in(streams.get("stdin")),
                out(streams.get("stdout")),
                out(streams.get("stderr")),
                error.out(),
                in(streams.get("resize")),
                WITH_STATUS.contains(protocol) ? StatusFormat.STATUS : StatusFormat.TEXT,
                () -> session.close(limits.goodbye()));
    }

    private static @Nullable Inbox in(@Nullable SpdyStream stream) {
        return stream == null ? null : stream.in();
    }

    private static @Nullable Outlet out(@Nullable SpdyStream stream) {
        return stream == null ? null : stream.out();
    }
}
