package dev.burstlet.hyper.event;

import dev.burstlet.container.Labels;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.proto.cri.ContainerEventResponse;
import dev.burstlet.hyper.proto.cri.GetEventsRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The CRI's own events. No event says that a subscription has begun, and none can be made: the
 * listener is told a second time, a moment later, that it is connected, and looks at everything
 * again.
 */
final class CriEvents implements EventSource {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Set<Status.Code> AWAY =
            Set.of(Status.Code.OK, Status.Code.UNAVAILABLE, Status.Code.CANCELLED);

    private final CriConnection connection;

    CriEvents(CriConnection connection) {
        this.connection = connection;
    }

    /**
     * {@inheritDoc} A runtime that has the call but was told to send no events (CRI-O's default)
     * refuses in words of its own.
     */
    @Override
    public String listen(Listener listener) throws InterruptedException {
        StreamEnd end = new StreamEnd();
        AtomicBoolean any = new AtomicBoolean();
        Context.CancellableContext context = Context.current().withCancellation();
        try {
            context.run(() -> subscribe(end, any, listener));
            // Answered after the stream was asked for, on the same connection.
            var _ = RuntimeFacts.ask(connection);
            if (!end.ended()) {
                listener.connected();
                if (!end.await(MOMENT)) {
                    listener.connected();
                }
            }
            end.await();
            Status.Code code = end.status().getCode();
            if (code == Status.Code.UNIMPLEMENTED || (!any.get() && !AWAY.contains(code))) {
                throw new BackendException(Reason.UNSUPPORTED, end.cause());
            }
            return end.cause();
        } finally {
            context.cancel(null);
        }
    }

    private void subscribe(StreamEnd end, AtomicBoolean any, Listener listener) {
        connection
                .runtimeStream()
                .getContainerEvents(
                        GetEventsRequest.getDefaultInstance(),
                        end.observer(event -> {
                            any.set(true);
                            changed(event, listener);
                        }));
    }

    private static void changed(ContainerEventResponse event, Listener listener) {
        String uid = event.getPodSandboxStatus().getLabelsOrDefault(Labels.POD_UID, "");
        if (!uid.isEmpty()) {
            listener.changed(uid);
        }
    }
}
