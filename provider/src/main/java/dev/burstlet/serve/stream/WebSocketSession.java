package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of one WebSocket connection: each message begins with its channel's number. In
 * base64 form the number is a digit and the rest base64 text.
 */
final class WebSocketSession extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketSession.class);
    private static final int HALF_CLOSE = 255;

    private final Channel channel;
    private final boolean base64;
    private final ReadGate gate = new ReadGate();
    private final StreamWatch watch;
    private final Map<Integer, Inbox> inboxes = new HashMap<>();

    WebSocketSession(Channel channel, boolean base64, Duration idle) {
        this.channel = channel;
        this.base64 = base64;
        this.watch =
                new StreamWatch(
                        channel, gate, idle, () -> new PingWebSocketFrame(Unpooled.EMPTY_BUFFER));
    }

    /** A channel that the client writes; to be made before the session is installed. */
    Inbox inbox(int number) {
        Inbox inbox = new Inbox(gate);
        inboxes.put(number, inbox);
        return inbox;
    }

    /** A channel that the client reads. */
    Outlet outlet(int number) {
        return new Outlet(
                channel, watch, base64 ? new Base64Channel(number) : new BinaryChannel(number));
    }

    void install(ChannelPipeline pipeline) {
        pipeline.addLast(gate);
        Upgrades.installWebSocket(pipeline);
        pipeline.addLast(this);
        watch.start();
    }

    /** Says goodbye after what was written, and closes. */
    void end() {
        var _ =
                channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                        .addListener(_ -> Wire.close(channel));
    }

    /** Says goodbye and lets the client close first; closes after a while. */
    void close(Duration patience) throws InterruptedException {
        channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                .await(patience.toMillis());
        channel.closeFuture().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        Wire.close(channel);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        switch (frame) {
            case BinaryWebSocketFrame binary when !base64 -> binary(binary.content());
            case TextWebSocketFrame text when base64 -> text(text.text());
            case PingWebSocketFrame ping -> {
                if (channel.isWritable()) {
                    Wire.send(ctx, new PongWebSocketFrame(ping.content().retain()));
                }
            }
            case CloseWebSocketFrame close -> Wire.close(ctx);
            default -> {
                // Pongs, and text where binary was agreed, mean nothing.
            }
        }
    }

    private void binary(ByteBuf content) {
        if (!content.isReadable()) {
            return;
        }
        int number = content.readUnsignedByte();
        if (number == HALF_CLOSE && content.isReadable()) {
            Inbox ended = inboxes.get((int) content.readUnsignedByte());
            if (ended != null) {
                ended.end();
            }
            return;
        }
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        deliver(number, bytes);
    }

    private void text(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            deliver(text.charAt(0) - '0', Base64.getDecoder().decode(text.substring(1)));
        } catch (IllegalArgumentException e) {
            Wire.close(channel);
        }
    }

    private void deliver(int number, byte[] bytes) {
        Inbox inbox = inboxes.get(number);
        if (inbox != null) {
            watch.touch();
            inbox.offer(bytes);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        inboxes.values().forEach(inbox -> inbox.fail("the client closed the connection"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection to {}: {}", ctx.channel().remoteAddress(), cause.toString());
        Wire.close(ctx);
    }

    private record BinaryChannel(int number) implements Outlet.Framing {
        @Override
        public Object data(byte[] bytes, int offset, int length) {
            return new BinaryWebSocketFrame(
                    Unpooled.buffer(1 + length)
                            .writeByte(number)
                            .writeBytes(bytes, offset, length));
        }

        @Override
        public @Nullable Object end() {
            return null;
        }
    }

    private record Base64Channel(int number) implements Outlet.Framing {
        @Override
        public Object data(byte[] bytes, int offset, int length) {
            byte[] part = Arrays.copyOfRange(bytes, offset, offset + length);
            byte[] encoded = Base64.getEncoder().encode(part);
            return new TextWebSocketFrame(
                    Unpooled.buffer(1 + encoded.length)
                            .writeBytes(
                                    Integer.toString(number).getBytes(StandardCharsets.US_ASCII))
                            .writeBytes(encoded));
        }

        @Override
        public @Nullable Object end() {
            return null;
        }
    }
}
