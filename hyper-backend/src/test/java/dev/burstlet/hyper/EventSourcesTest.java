package dev.burstlet.hyper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.EngineEvent.Connected;
import dev.burstlet.container.EngineEvent.Disconnected;
import dev.burstlet.container.EngineEvent.PodChanged;
import dev.burstlet.hyper.proto.cri.ContainerState;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a runtime's events come from, by its name, its release and what it answers. */
class EventSourcesTest {
    private static final Status MISSING = Status.UNIMPLEMENTED.withDescription("unknown method");

    @TempDir Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void theCrisOwnAreTakenWhereThereAreSome() throws Exception {
        FakeRuntime runtime = runtime("containerd", "v2.1.4", null);
        List<EngineEvent> events = connected(runtime);
        eventually(() -> runtime.listeners() == 1);

        runtime.happens("uid-1");

        eventually(() -> events.contains(new PodChanged("uid-1")));
        assertThat(runtime.subscribers()).isZero();
    }

    @Test
    void aRuntimeWithoutABeginningIsLookedAtTwice() throws Exception {
        List<EngineEvent> events = connected(runtime("cri-o", "1.34.0", null));

        eventually(() -> events.size() >= 2);

        assertThat(events).containsOnly(new Connected());
    }

    @Test
    void aStreamThatBreaksOffIsBegunAgain() throws Exception {
        FakeRuntime runtime = runtime("cri-o", "1.34.0", null);
        List<EngineEvent> events = connected(runtime);
        eventually(() -> runtime.listeners() == 1);

        runtime.breakOff();

        eventually(() -> runtime.listeners() == 1);
        assertThat(events).anyMatch(Disconnected.class::isInstance);
        eventually(() -> events.getLast().equals(new Connected()));
        runtime.happens("uid-2");
        eventually(() -> events.contains(new PodChanged("uid-2")));
    }

    @Test
    void containerdWithoutThemHasItsTasks() throws Exception {
        FakeRuntime runtime = runtime("containerd", "v2.0.0", MISSING);

        List<EngineEvent> events = connected(runtime);

        eventually(() -> runtime.subscribers() == 1);
        assertThat(events).doesNotHaveAnyElementsOfTypes(Disconnected.class);
    }

    @Test
    void anOlderContainerdIsNotAskedForThem() throws Exception {
        FakeRuntime runtime = runtime("containerd", "1.7.24", null);

        List<EngineEvent> events = connected(runtime);

        assertThat(runtime.subscribers()).isEqualTo(1);
        assertThat(runtime.listeners()).isZero();
        assertThat(events).containsExactly(new Connected());
    }

    @Test
    void listsStandInWhereNoEventsAreSent() throws Exception {
        FakeRuntime runtime =
                runtime("cri-o", "1.30.1", Status.UNKNOWN.withDescription("no evented PLEG"));
        runtime.shows("uid-3", ContainerState.CONTAINER_CREATED);
        runtime.shows("uid-4", ContainerState.CONTAINER_RUNNING);
        List<EngineEvent> events = connected(runtime);

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> {
                    runtime.shows("uid-3", ContainerState.CONTAINER_EXITED);
                    assertThat(events).contains(new PodChanged("uid-3"));
                });

        assertThat(events).doesNotContain(new PodChanged("uid-4"));
        assertThat(events).doesNotHaveAnyElementsOfTypes(Disconnected.class);
    }

    private FakeRuntime runtime(String name, String version, @Nullable Status refusal)
            throws IOException {
        FakeRuntime runtime = new FakeRuntime(folder, name, version, refusal);
        open.add(runtime);
        return runtime;
    }

    private List<EngineEvent> connected(FakeRuntime runtime) {
        List<EngineEvent> events = new CopyOnWriteArrayList<>();
        ContainerEngine engine = runtime.engine();
        open.add(engine);
        open.add(engine.events(events::add));
        eventually(() -> events.contains(new Connected()));
        return events;
    }

    private static void eventually(java.util.concurrent.Callable<Boolean> holds) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(holds);
    }
}
