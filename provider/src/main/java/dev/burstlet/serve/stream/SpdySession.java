package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Wire;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The streams of one SPDY connection. Streams are opened by the client alone; there is no flow
 * control by stream, so a full inbox holds up the whole connection, as with every kubelet.
 */
final class SpdySession implements SpdyEvents {
    private static final int OWN_PING = 2;

    private final Channel channel;
    private final ReadGate gate = new ReadGate();
    private final StreamWatch watch;
    private final Predicate<SpdyStream> acceptor;
    private final int maxStreams;
    private final HeaderBlocks blocks = new HeaderBlocks();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private int lastId;

    /**
     * @param acceptor told each new stream in the event loop; false refuses it
     * @param maxStreams streams open at once
     */
    SpdySession(Channel channel, Duration idle, int maxStreams, Predicate<SpdyStream> acceptor) {
        this.channel = channel;
        this.acceptor = acceptor;
        this.maxStreams = maxStreams;
        this.watch = new StreamWatch(channel, gate, idle, () -> SpdyFrames.ping(OWN_PING));
    }

    /** Puts the session on a connection that speaks SPDY from now on. */
    void install(ChannelPipeline pipeline) {
        pipeline.addLast(gate);
        installAbove(pipeline);
    }

    /** The gate, for handlers that come between it and the frames. */
    ReadGate gate() {
        return gate;
    }

    void installAbove(ChannelPipeline pipeline) {
        pipeline.addLast(new SpdyDecoder(this));
        watch.start();
    }

    /**
     * Says goodbye and lets the client close first, so that nothing on its way to it is lost;
     * closes after a while.
     */
    void close(Duration patience) throws InterruptedException {
        channel.writeAndFlush(SpdyFrames.goAway(lastId)).await(patience.toMillis());
        channel.closeFuture().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        Wire.close(channel);
    }

    /** A stream that has served: nothing more is read from it. */
    void forget(SpdyStream stream) {
        stream.in().close();
        streams.remove(stream.id());
    }

    void refuse(SpdyStream stream) {
        Wire.send(channel, SpdyFrames.reset(stream.id(), SpdyFrames.STATUS_REFUSED_STREAM));
        stream.out().reset();
        forget(stream);
    }

    @Override
    public void opened(int id, boolean last, byte[] compressed) throws MalformedFrameException {
        Map<String, String> headers = blocks.read(compressed);
        if (id <= lastId || id % 2 == 0) {
            throw new MalformedFrameException("stream " + id);
        }
        lastId = id;
        SpdyStream stream =
                new SpdyStream(
                        id,
                        headers,
                        new Inbox(gate),
                        new Outlet(channel, watch, new SpdyFrames.Data(id)));
        if (streams.size() >= maxStreams || !channel.isWritable()) {
            refuse(stream);
            return;
        }
        streams.put(id, stream);
        Wire.send(channel, SpdyFrames.synReply(id, blocks));
        if (last) {
            stream.in().end();
        }
        if (!acceptor.test(stream)) {
            refuse(stream);
        }
    }

    @Override
    public void data(int id, byte[] bytes) {
        SpdyStream stream = streams.get(id);
        if (stream != null) {
            watch.touch();
            stream.in().offer(bytes);
        }
    }

    @Override
    public void ended(int id) {
        SpdyStream stream = streams.get(id);
        if (stream != null) {
            stream.in().end();
        }
    }

    @Override
    public void reset(int id) {
        SpdyStream stream = streams.remove(id);
        if (stream != null) {
            stream.out().reset();
            stream.in().fail("the client reset the stream");
        }
    }

    @Override
    public void ping(int id) {
        // Odd ids are the client's. One that does not read its answers gets none.
        if (id % 2 != 0 && channel.isWritable()) {
            Wire.send(channel, SpdyFrames.ping(id));
        }
    }

    @Override
    public void goneAway() {
        // The client closes next.
    }

    @Override
    public void closed() {
        blocks.close();
        streams.values().forEach(stream -> stream.in().fail("the client closed the connection"));
        streams.clear();
    }
}
