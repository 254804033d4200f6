package dev.burstlet.hyper.cri;

import dev.burstlet.hyper.proto.containerd.EventsGrpc;
import dev.burstlet.hyper.proto.containerd.TasksGrpc;
import dev.burstlet.hyper.proto.cri.ImageServiceGrpc;
import dev.burstlet.hyper.proto.cri.RuntimeServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a runtime's socket. Every call goes through {@link #call}, which gives it a
 * deadline, keeps it within its budget and turns its failure into a {@link
 * dev.burstlet.pod.BackendException}.
 */
public final class CriConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CriConnection.class);
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final String CRI_NAMESPACE = "k8s.io";

    private final String host;
    private final Duration timeout;
    private final MultiThreadIoEventLoopGroup loop;
    private final ManagedChannel channel;
    private final Semaphore lifecycle;

    public CriConnection(String host, Path socket, Duration timeout, int parallelism) {
        this.host = host;
        this.timeout = timeout;
        this.lifecycle = new Semaphore(parallelism);
        this.loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.channel =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .negotiationType(NegotiationType.PLAINTEXT)
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .overrideAuthority("localhost")
                        .build();
    }

    /** The deadline of an ordinary call. */
    public Duration timeout() {
        return timeout;
    }

    public String host() {
        return host;
    }

    /** An ordinary call of the runtime. */
    public <T> T runtime(
            String what, Function<RuntimeServiceGrpc.RuntimeServiceBlockingStub, T> call) {
        return call(what, RuntimeServiceGrpc.newBlockingStub(channel), timeout, call);
    }

    /** A call of the runtime that takes as long as it is given. */
    public <T> T runtime(
            String what,
            Duration deadline,
            Function<RuntimeServiceGrpc.RuntimeServiceBlockingStub, T> call) {
        return call(what, RuntimeServiceGrpc.newBlockingStub(channel), deadline, call);
    }

    /** A call that makes or removes something: so many at once and no more. */
    public <T> T lifecycle(
            String what,
            Duration deadline,
            Function<RuntimeServiceGrpc.RuntimeServiceBlockingStub, T> call) {
        try {
            lifecycle.acquire();
        } catch (InterruptedException e) {
            throw CriErrors.interrupted(what, e);
        }
        try {
            return runtime(what, deadline, call);
        } finally {
            lifecycle.release();
        }
    }

    public <T> T images(
            String what,
            Duration deadline,
            Function<ImageServiceGrpc.ImageServiceBlockingStub, T> call) {
        return call(what, ImageServiceGrpc.newBlockingStub(channel), deadline, call);
    }

    /** A call of containerd's own task service, beside the CRI. */
    public <T> T tasks(String what, Function<TasksGrpc.TasksBlockingStub, T> call) {
        return call(what, inNamespace(TasksGrpc.newBlockingStub(channel)), timeout, call);
    }

    /** A call of containerd's own event service, beside the CRI. */
    public <T> T events(String what, Function<EventsGrpc.EventsBlockingStub, T> call) {
        return call(what, inNamespace(EventsGrpc.newBlockingStub(channel)), timeout, call);
    }

    /** Without a deadline: for a stream of events, ended by cancelling. */
    public RuntimeServiceGrpc.RuntimeServiceStub runtimeStream() {
        return RuntimeServiceGrpc.newStub(channel).withWaitForReady();
    }

    /** As {@link #runtimeStream}. */
    public EventsGrpc.EventsStub eventStream() {
        return inNamespace(EventsGrpc.newStub(channel));
    }

    private static <S extends AbstractStub<S>> S inNamespace(S stub) {
        Metadata headers = new Metadata();
        headers.put(NAMESPACE, CRI_NAMESPACE);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private <S extends AbstractStub<S>, T> T call(
            String what, S stub, Duration deadline, Function<S, T> call) {
        long begun = System.nanoTime();
        try {
            return call.apply(stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw CriErrors.map(host, what, e);
        } finally {
            LOG.debug("{}: {} us", what, (System.nanoTime() - begun) / 1000);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
