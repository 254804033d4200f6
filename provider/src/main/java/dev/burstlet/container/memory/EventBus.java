package dev.burstlet.container.memory;

import dev.burstlet.container.EngineEvent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells subscribers of changes, each in order and on a thread of its own. */
final class EventBus {
    private final Faults faults;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

    EventBus(Faults faults) {
        this.faults = faults;
    }

    AutoCloseable subscribe(Consumer<EngineEvent> consumer) {
        Subscription subscription = new Subscription(consumer);
        subscriptions.add(subscription);
        @Nullable String cause = faults.disconnected();
        subscription.queue.add(
                cause == null ? new EngineEvent.Connected() : new EngineEvent.Disconnected(cause));
        subscription.thread.start();
        return subscription;
    }

    void changed(String podUid) {
        if (subscriptions.isEmpty() || faults.losesEvents()) {
            return;
        }
        EngineEvent event = new EngineEvent.PodChanged(podUid);
        subscriptions.forEach(subscription -> subscription.queue.add(event));
    }

    void connected() {
        subscriptions.forEach(subscription -> subscription.queue.add(new EngineEvent.Connected()));
    }

    void disconnected(String cause) {
        subscriptions.forEach(
                subscription -> subscription.queue.add(new EngineEvent.Disconnected(cause)));
    }

    private final class Subscription implements AutoCloseable {
        private final Consumer<EngineEvent> consumer;
        private final BlockingQueue<EngineEvent> queue = new LinkedBlockingQueue<>();
        private final Thread thread = Thread.ofVirtual().name("events").unstarted(this::run);

        Subscription(Consumer<EngineEvent> consumer) {
            this.consumer = consumer;
        }

        private void run() {
            try {
                while (true) {
                    consumer.accept(queue.take());
                }
            } catch (InterruptedException e) {
                // Closed.
            }
        }

        @Override
        public void close() {
            subscriptions.remove(this);
            thread.interrupt();
        }
    }
}
