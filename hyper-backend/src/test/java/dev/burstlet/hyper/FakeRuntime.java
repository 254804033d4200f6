package dev.burstlet.hyper;

import com.google.protobuf.Empty;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.Labels;
import dev.burstlet.hyper.proto.containerd.Envelope;
import dev.burstlet.hyper.proto.containerd.EventsGrpc;
import dev.burstlet.hyper.proto.containerd.PublishRequest;
import dev.burstlet.hyper.proto.containerd.SubscribeRequest;
import dev.burstlet.hyper.proto.cri.Container;
import dev.burstlet.hyper.proto.cri.ContainerEventResponse;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.GetEventsRequest;
import dev.burstlet.hyper.proto.cri.ListContainersRequest;
import dev.burstlet.hyper.proto.cri.ListContainersResponse;
import dev.burstlet.hyper.proto.cri.ListPodSandboxRequest;
import dev.burstlet.hyper.proto.cri.ListPodSandboxResponse;
import dev.burstlet.hyper.proto.cri.PodSandboxStatus;
import dev.burstlet.hyper.proto.cri.RuntimeServiceGrpc;
import dev.burstlet.hyper.proto.cri.StatusRequest;
import dev.burstlet.hyper.proto.cri.StatusResponse;
import dev.burstlet.hyper.proto.cri.VersionRequest;
import dev.burstlet.hyper.proto.cri.VersionResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A runtime of any name and release that answers on a unix socket: as much of it as events and
 * lists of states need.
 */
final class FakeRuntime implements AutoCloseable {
    private final Path socket;
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;
    private final Map<String, Container> containers = new ConcurrentHashMap<>();
    private final List<StreamObserver<ContainerEventResponse>> listeners =
            new CopyOnWriteArrayList<>();
    private final List<StreamObserver<Envelope>> subscribers = new CopyOnWriteArrayList<>();

    /**
     * Answers from now on.
     *
     * @param refusal of GetContainerEvents; none where it has them
     */
    FakeRuntime(Path folder, String name, String version, @Nullable Status refusal)
            throws IOException {
        socket = folder.resolve("runtime.sock");
        server =
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .addService(new RuntimeService(name, version, refusal))
                        .addService(new EventService())
                        .build()
                        .start();
    }

    ContainerEngine engine() {
        return new CriEngineFactory()
                .open(
                        new EngineSettings(
                                "fake",
                                "unix://" + socket,
                                null,
                                false,
                                Duration.ofSeconds(20),
                                4,
                                Map.of()));
    }

    /** How many listen to the CRI's events. */
    int listeners() {
        return listeners.size();
    }

    /** How many listen to containerd's events. */
    int subscribers() {
        return subscribers.size();
    }

    /** An event of the CRI. */
    void happens(String podUid) {
        ContainerEventResponse event =
                ContainerEventResponse.newBuilder()
                        .setContainerId("container-of-" + podUid)
                        .setPodSandboxStatus(
                                PodSandboxStatus.newBuilder().putLabels(Labels.POD_UID, podUid))
                        .build();
        listeners.forEach(listener -> listener.onNext(event));
    }

    /** What the lists show from now on, without any event. */
    void shows(String podUid, ContainerState state) {
        String id = "container-of-" + podUid;
        containers.put(
                id,
                Container.newBuilder()
                        .setId(id)
                        .setState(state)
                        .putLabels(Labels.POD_UID, podUid)
                        .build());
    }

    /** Breaks the streams off, as a runtime that is restarted. */
    void breakOff() {
        listeners.forEach(listener -> listener.onError(Status.UNAVAILABLE.asRuntimeException()));
        listeners.clear();
    }

    @Override
    public void close() {
        var _ = server.shutdownNow();
        var _ = loop.shutdownGracefully();
    }

    private final class RuntimeService extends RuntimeServiceGrpc.RuntimeServiceImplBase {
        private final String name;
        private final String version;
        private final @Nullable Status refusal;

        private RuntimeService(String name, String version, @Nullable Status refusal) {
            this.name = name;
            this.version = version;
            this.refusal = refusal;
        }

        @Override
        public void version(VersionRequest request, StreamObserver<VersionResponse> to) {
            answer(
                    to,
                    VersionResponse.newBuilder()
                            .setRuntimeName(name)
                            .setRuntimeVersion(version)
                            .build());
        }

        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> to) {
            answer(to, StatusResponse.getDefaultInstance());
        }

        @Override
        public void listContainers(
                ListContainersRequest request, StreamObserver<ListContainersResponse> to) {
            answer(
                    to,
                    ListContainersResponse.newBuilder()
                            .addAllContainers(containers.values())
                            .build());
        }

        @Override
        public void listPodSandbox(
                ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> to) {
            answer(to, ListPodSandboxResponse.getDefaultInstance());
        }

        @Override
        public void getContainerEvents(
                GetEventsRequest request, StreamObserver<ContainerEventResponse> to) {
            if (refusal != null) {
                to.onError(refusal.asRuntimeException());
            } else {
                listeners.add(to);
            }
        }

        private static <T> void answer(StreamObserver<T> to, T response) {
            to.onNext(response);
            to.onCompleted();
        }
    }

    /** As containerd's: what is published reaches who has subscribed before. */
    private final class EventService extends EventsGrpc.EventsImplBase {
        @Override
        public void publish(PublishRequest request, StreamObserver<Empty> to) {
            Envelope envelope =
                    Envelope.newBuilder()
                            .setNamespace("k8s.io")
                            .setTopic(request.getTopic())
                            .setEvent(request.getEvent())
                            .build();
            subscribers.forEach(subscriber -> subscriber.onNext(envelope));
            RuntimeService.answer(to, Empty.getDefaultInstance());
        }

        @Override
        public void subscribe(SubscribeRequest request, StreamObserver<Envelope> to) {
            subscribers.add(to);
        }
    }
}
