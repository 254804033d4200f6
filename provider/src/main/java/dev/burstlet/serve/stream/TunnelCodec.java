package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** Carries another protocol's bytes in binary WebSocket messages. */
final class TunnelCodec extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case BinaryWebSocketFrame binary -> ctx.fireChannelRead(binary.content());
            case PingWebSocketFrame ping when ctx.channel().isWritable() ->
                    Wire.send(ctx, new PongWebSocketFrame(ping.content()));
            case CloseWebSocketFrame close -> {
                close.release();
                Wire.close(ctx);
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        Object framed =
                message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message;
        ChannelFuture _ = ctx.write(framed, promise);
    }
}
