package dev.burstlet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Keeps all that it is told and waits for what is to come. */
public final class RecordingListener implements PodListener {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<PodReport> reports = new ArrayList<>();
    private final List<PodEvent> events = new ArrayList<>();
    private final List<HostDescription> hosts = new ArrayList<>();

    @Override
    public synchronized void podReported(PodReport report) {
        reports.add(report);
        notifyAll();
    }

    @Override
    public synchronized void podEvent(PodEvent event) {
        events.add(event);
        notifyAll();
    }

    @Override
    public synchronized void hostChanged(HostDescription host) {
        hosts.add(host);
        notifyAll();
    }

    /** The host's last description, once it is so. */
    public HostDescription awaitHost(String what, Predicate<HostDescription> condition) {
        return await(
                what,
                () -> hosts.isEmpty() || !condition.test(hosts.getLast()) ? null : hosts.getLast());
    }

    /** The first report of the pod, past or to come, that is so. */
    public PodReport await(PodKey key, String what, Predicate<PodReport> condition) {
        return await(
                what,
                () ->
                        reports.stream()
                                .filter(r -> r.key().equals(key) && condition.test(r))
                                .findFirst()
                                .orElse(null));
    }

    public PodEvent awaitEvent(String reason) {
        return await(
                "event " + reason,
                () ->
                        events.stream()
                                .filter(e -> e.reason().equals(reason))
                                .findFirst()
                                .orElse(null));
    }

    public PodEvent awaitEvent(String reason, String fieldPath) {
        return await(
                "event " + reason + " of " + fieldPath,
                () ->
                        events.stream()
                                .filter(e -> e.reason().equals(reason))
                                .filter(e -> fieldPath.equals(e.fieldPath()))
                                .findFirst()
                                .orElse(null));
    }

    public synchronized List<PodReport> reports(PodKey key) {
        return reports.stream().filter(r -> r.key().equals(key)).toList();
    }

    public synchronized List<String> reasons() {
        return events.stream().map(PodEvent::reason).toList();
    }

    public synchronized List<PodEvent> events() {
        return List.copyOf(events);
    }

    private synchronized <T> T await(String what, Supplier<T> look) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        T found = look.get();
        while (found == null) {
            long left = (end - System.nanoTime()) / 1_000_000;
            assertThat(left)
                    .as("waited for %s; events %s; last reports %s", what, events, last())
                    .isPositive();
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            found = look.get();
        }
        return found;
    }

    private List<PodReport> last() {
        return reports.subList(Math.max(0, reports.size() - 2), reports.size());
    }
}
