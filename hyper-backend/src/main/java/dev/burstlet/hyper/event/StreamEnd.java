package dev.burstlet.hyper.event;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for the end of a gRPC stream and says why it came. */
final class StreamEnd {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Status status = Status.OK;

    <T> StreamObserver<T> observer(Consumer<T> consumer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                consumer.accept(value);
            }

            @Override
            public void onError(Throwable t) {
                end(Status.fromThrowable(t));
            }

            @Override
            public void onCompleted() {
                end(Status.OK);
            }
        };
    }

    private void end(Status how) {
        status = how;
        ended.countDown();
    }

    /** Whether it ended within this time. */
    boolean await(Duration time) throws InterruptedException {
        return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean ended() {
        return ended.getCount() == 0;
    }

    void await() throws InterruptedException {
        ended.await();
    }

    /** How it ended; OK before. */
    Status status() {
        return status;
    }

    String cause() {
        Status how = status;
        return how.isOk() ? "the runtime ended the stream of events" : how.toString();
    }
}
