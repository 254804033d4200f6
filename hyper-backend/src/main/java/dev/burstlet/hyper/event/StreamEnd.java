package dev.burstlet.hyper.event;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Waits for the end of a gRPC stream and says why it came. */
final class StreamEnd {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String cause = "";

    <T> StreamObserver<T> observer(Consumer<T> consumer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                consumer.accept(value);
            }

            @Override
            public void onError(Throwable t) {
                end(Status.fromThrowable(t).toString());
            }

            @Override
            public void onCompleted() {
                end("the runtime ended the stream of events");
            }
        };
    }

    private void end(String why) {
        cause = why;
        ended.countDown();
    }

    String await() throws InterruptedException {
        ended.await();
        return cause;
    }
}
