package dev.burstlet.serve;

import dev.burstlet.serve.http.ConnectionGuard;
import dev.burstlet.serve.http.HttpLimits;
import dev.burstlet.serve.http.RequestHandler;
import dev.burstlet.serve.http.Service;
import dev.burstlet.serve.http.WriteGate;
import dev.burstlet.serve.tls.ListenerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The kubelet's HTTPS API of one virtual node, on a port and with a certificate of its own. Closed
 * by default: nothing is answered to a client that has not said who it is and may not have it.
 */
public final class KubeletServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int READ_AT_MOST = 64 << 10;
    private static final int READS_AT_ONCE = 4;
    private static final WriteBufferWaterMark WRITE_MARKS =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final Channel listener;
    private final ConnectionGuard guard;
    private final NodeServices services;

    private KubeletServer(Channel listener, ConnectionGuard guard, NodeServices services) {
        this.listener = listener;
        this.guard = guard;
        this.services = services;
    }

    /**
     * Listens.
     *
     * @throws IOException where the port is taken or the certificate cannot be used
     */
    public static KubeletServer start(
            ServeSettings settings, NodeServices services, ServerLoops loops) throws IOException {
        SslContext tls = ListenerTls.context(services.certificate(), services.clientAuthorities());
        ConnectionGuard guard = new ConnectionGuard(settings.http());
        Service service =
                new RequestMeter(
                        Gatekeeper.inFrontOf(Router.of(settings, services), services),
                        services.meters());
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(512, 2048, READ_AT_MOST)
                                        .maxMessagesPerRead(READS_AT_ONCE))
                        .childHandler(new Connections(tls, guard, service, settings.http()))
                        .bind(settings.bind())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.bind() + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        return new KubeletServer(bound.channel(), guard, services);
    }

    public int port() {
        return listener.localAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : -1;
    }

    /** Connections open now. */
    public int connections() {
        return guard.connections();
    }

    /** Stops listening and ends every stream. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        guard.closeAll();
        services.certificate().close();
    }

    /** Makes the pipeline of each connection. */
    private static final class Connections extends ChannelInitializer<SocketChannel> {
        private final SslContext tls;
        private final ConnectionGuard guard;
        private final Service service;
        private final HttpLimits limits;

        Connections(SslContext tls, ConnectionGuard guard, Service service, HttpLimits limits) {
            this.tls = tls;
            this.guard = guard;
            this.service = service;
            this.limits = limits;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            SslHandler handler = tls.newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addLast(guard)
                    .addLast(handler)
                    .addLast(new WriteGate())
                    .addLast(
                            new HttpServerCodec(
                                    new HttpDecoderConfig()
                                            .setMaxInitialLineLength(limits.requestLineBytes())
                                            .setMaxHeaderSize(limits.headerBytes())))
                    .addLast(new RequestHandler(service, limits));
        }
    }
}
