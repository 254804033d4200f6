package dev.burstlet.hyper.agent;

import dev.burstlet.hyper.wire.Failures;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call with streams, handled by a virtual thread that blocks: what the client sends is taken one
 * by one, what it cannot take yet is waited for. The end of the call interrupts the handler.
 */
final class Duplex<I, O> implements StreamObserver<I> {
    private final ServerCallStreamObserver<O> call;
    private final LinkedBlockingQueue<Received<I>> received = new LinkedBlockingQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    private final Thread worker;

    private record Received<I>(@Nullable I message) {}

    /** What is done in a call; the call ends with it. */
    @FunctionalInterface
    interface Handler<I, O> {
        void handle(Duplex<I, O> call) throws Exception;
    }

    private Duplex(StreamObserver<O> observer, Handler<I, O> handler) {
        this.call = (ServerCallStreamObserver<O>) observer;
        this.worker = Thread.ofVirtual().name("agent-call").unstarted(() -> run(handler));
        call.setOnReadyHandler(this::signal);
        call.setOnCancelHandler(() -> {
            worker.interrupt();
            signal();
        });
    }

    /** A call whose client sends a stream as well. */
    static <I, O> Duplex<I, O> both(StreamObserver<O> observer, Handler<I, O> handler) {
        Duplex<I, O> duplex = new Duplex<>(observer, handler);
        duplex.call.disableAutoRequest();
        duplex.worker.start();
        duplex.call.request(1);
        return duplex;
    }

    /** A call whose client has sent its one message. */
    static <O> void answer(StreamObserver<O> observer, Handler<Object, O> handler) {
        new Duplex<>(observer, handler).worker.start();
    }

    private void run(Handler<I, O> handler) {
        try {
            handler.handle(this);
            if (!call.isCancelled()) {
                call.onCompleted();
            }
        } catch (Exception e) {
            if (!call.isCancelled()) {
                call.onError(Failures.status(e));
            }
        }
    }

    /** The client's next message, or null after its last one. */
    @Nullable I take() throws InterruptedException {
        Received<I> next = received.take();
        I message = next.message();
        if (message == null) {
            received.add(next);
        } else {
            call.request(1);
        }
        return message;
    }

    /** Waits until the client takes more, then sends. */
    void send(O message) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!call.isReady()) {
                if (call.isCancelled()) {
                    throw new InterruptedException("the call was cancelled");
                }
                ready.await();
            }
            call.onNext(message);
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onNext(I message) {
        received.add(new Received<>(message));
    }

    @Override
    public void onError(Throwable t) {
        worker.interrupt();
    }

    @Override
    public void onCompleted() {
        received.add(new Received<>(null));
    }
}
