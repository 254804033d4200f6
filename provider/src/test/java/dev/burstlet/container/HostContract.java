package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.EngineEvent.Connected;
import dev.burstlet.container.EngineEvent.PodChanged;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The engine as such: what it tells of itself and of changes. */
public interface HostContract extends EngineContract {
    @Test
    default void hostIsDescribed() {
        EngineInfo info = bench().engine().info();

        assertThat(info.scheme()).isNotEmpty();
        assertThat(info.cpuMillis()).isPositive();
        assertThat(info.memoryBytes()).isPositive();
        assertThat(info.system().os()).isEqualTo("linux");
        assertThat(info.system().arch()).isNotEmpty();
        assertThat(info.system().containerRuntimeVersion()).contains("://");
        assertThat(info.runtimeHandlers()).isNotNull();
    }

    @Test
    default void eventsBeginWithTheConnection() {
        List<EngineEvent> events = listen();

        bench().until(() -> events, list -> !list.isEmpty());

        assertThat(events.getFirst()).isInstanceOf(Connected.class);
    }

    private List<EngineEvent> listen() {
        List<EngineEvent> events = new CopyOnWriteArrayList<>();
        bench().closeLater(bench().engine().events(events::add));
        return events;
    }

    @Test
    default void startAndEndOfAContainerAreToldSoon() {
        TestPod pod = bench().pod().run();
        PodChanged change = new PodChanged(pod.key().uid());
        List<EngineEvent> events = listen();
        bench().until(() -> events, list -> list.contains(new Connected()));

        String id = pod.container("c").command("sleep", "3600").create();
        events.clear();
        bench().engine().startContainer(id);
        assertToldSoon(events, change);

        events.clear();
        bench().engine().stopContainer(id, Duration.ZERO);
        assertToldSoon(events, change);
    }

    private void assertToldSoon(List<EngineEvent> events, PodChanged change) {
        long start = System.nanoTime();
        bench().until(() -> events, list -> list.contains(change));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    default void closedListenerHearsNothingMore() throws Exception {
        List<EngineEvent> events = new CopyOnWriteArrayList<>();
        AutoCloseable handle = bench().engine().events(events::add);
        bench().until(() -> events, list -> list.contains(new Connected()));
        handle.close();
        List<EngineEvent> other = listen();
        TestPod pod = bench().pod().run();
        bench().until(() -> other, list -> list.contains(new PodChanged(pod.key().uid())));

        assertThat(events).doesNotContain(new PodChanged(pod.key().uid()));
    }
}
