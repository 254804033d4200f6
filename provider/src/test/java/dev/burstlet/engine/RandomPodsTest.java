package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.desired.RandomSpecs;
import dev.burstlet.engine.desired.ShrunkSpec;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import dev.burstlet.pod.Support;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Pods of random specs through the whole engine: each is told of and can be removed, none is a
 * defect, and a pod beside them runs on. {@code -Dburstlet.fuzz.specs=10000} runs more of them,
 * {@code -Dburstlet.fuzz.seed} others; a failing spec is shrunk and printed, to be kept below
 * {@code src/test/resources/dev/burstlet/engine/specs}.
 */
class RandomPodsTest {
    private static final int SPECS = Integer.getInteger("burstlet.fuzz.specs", 300);
    private static final int AT_ONCE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHRINKING = Duration.ofSeconds(3);
    private static final Path KEPT = Path.of("src/test/resources/dev/burstlet/engine/specs");

    private final MemoryEngine engine = MemoryEngine.of("random-" + UUID.randomUUID());
    private final PodEngine pods =
            new PodEngine(
                    engine,
                    new PodEngineSettings(new Owner("cluster-1", "node-1")),
                    InstantSource.system());
    private final Heard heard = new Heard();
    private final Defects defects = new Defects();
    private Duration patience = PATIENCE;
    private int count;

    @BeforeEach
    void listen() {
        defects.attach();
        pods.listen(heard);
    }

    @AfterEach
    void close() {
        pods.close();
        engine.close();
        defects.detach();
    }

    @Test
    void noSpecIsADefectOrDisturbsAnotherPod() {
        long seed = Long.getLong("burstlet.fuzz.seed", 17_887_380_419_506L);
        RandomSpecs specs = new RandomSpecs(seed);
        Pod steady = pod("steady", "Always", container("main", "sleep 100000"));
        pods.createPod(TestPods.bundle(steady));
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int done = 0; done < SPECS; done += AT_ONCE) {
            List<PodSpec> batch = new ArrayList<>();
            for (int i = done; i < Math.min(SPECS, done + AT_ONCE); i++) {
                batch.add(i % 2 == 0 ? specs.next() : startable(specs.next()));
            }
            Optional<String> failure = play(batch, outcomes);
            if (failure.isPresent()) {
                throw new AssertionError(
                        "seed %d: %s; spec: %s".formatted(seed, failure.get(), culprit(batch)));
            }
        }
        System.out.println("seed " + seed + ": " + SPECS + " specs, " + outcomes);

        PodReport report = heard.last.get(PodKey.of(steady).uid());
        assertThat(report).isNotNull();
        assertThat(report.status().getPhase()).isEqualTo("Running");
        assertThat(report.status().getContainerStatuses().getFirst().getRestartCount()).isZero();
    }

    @Test
    void specsThatOnceWereDefectsAreNoneAnyMore() throws IOException {
        List<PodSpec> kept = new ArrayList<>();
        if (Files.isDirectory(KEPT)) {
            try (var files = Files.list(KEPT)) {
                for (Path file : files.sorted().toList()) {
                    kept.add(
                            Serialization.unmarshal(
                                    Files.readString(file, StandardCharsets.UTF_8), PodSpec.class));
                }
            }
        }
        assertThat(play(kept, new TreeMap<>())).isEmpty();
    }

    /** The same with what keeps most of them from ever starting taken away. */
    private static PodSpec startable(PodSpec spec) {
        spec.setVolumes(new ArrayList<>());
        spec.setHostnameOverride(null);
        int number = 0;
        List<Container> all = new ArrayList<>(spec.getInitContainers());
        all.addAll(spec.getContainers());
        for (Container container : all) {
            container.setName("c" + number++);
            container.setImage("busybox:1.36");
            container.setImagePullPolicy("IfNotPresent");
            container.setCommand(List.of("sh", "-c", number % 3 == 0 ? "exit 3" : "sleep 1000"));
            container.setArgs(List.of());
            container.setVolumeMounts(new ArrayList<>());
            container.setEnv(new ArrayList<>());
            container.setEnvFrom(new ArrayList<>());
        }
        return spec;
    }

    /** The spec that fails alone, as small as it can be made. */
    private String culprit(List<PodSpec> batch) {
        patience = SHRINKING;
        for (PodSpec spec : batch) {
            if (play(List.of(spec), new TreeMap<>()).isPresent()) {
                PodSpec small =
                        ShrunkSpec.of(spec, one -> play(List.of(one), new TreeMap<>()).isPresent());
                return Serialization.asJson(small);
            }
        }
        return "only together: " + Serialization.asJson(batch);
    }

    /** Why it did not go well, if it did not. */
    private Optional<String> play(List<PodSpec> specs, Map<String, Integer> outcomes) {
        List<PodKey> keys = new ArrayList<>();
        for (PodSpec spec : specs) {
            Pod pod = pod("random-" + count++, "Always", container("main", "true"));
            pod.setSpec(spec);
            if (!Support.refusals(pod).isEmpty()) {
                outcomes.merge("refused by the table", 1, Integer::sum);
                continue;
            }
            keys.add(PodKey.of(pod));
            pods.createPod(PodBundle.of(1, pod, TestPods.NODE));
        }
        try {
            Awaitility.await().atMost(patience).until(() -> keys.stream().allMatch(heard::told));
            keys.forEach(key -> outcomes.merge(heard.phase(key), 1, Integer::sum));
            keys.forEach(key -> pods.deletePod(key, new Deletion(0, "")));
            Awaitility.await().atMost(patience).until(() -> keys.stream().allMatch(heard::removed));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            boolean told = keys.stream().allMatch(heard::told);
            return keys.stream()
                    .filter(key -> told ? !heard.removed(key) : !heard.told(key))
                    .findFirst()
                    .map(key ->
                            (told ? "not removed: " : "not told of: ") + heard.last.get(key.uid()));
        }
        keys.forEach(heard::forget);
        return defects.take();
    }

    /** The newest report of each pod. */
    private static final class Heard implements PodListener {
        private final Map<String, PodReport> last = new ConcurrentHashMap<>();
        private final Set<String> settled = ConcurrentHashMap.newKeySet();

        @Override
        public void podReported(PodReport report) {
            last.put(report.key().uid(), report);
        }

        @Override
        public void podEvent(PodEvent event) {
            settled.add(event.key().uid());
        }

        @Override
        public void hostChanged(HostDescription host) {}

        /** Something came of it: an event, or a pod without anything to do. */
        boolean told(PodKey key) {
            PodReport report = last.get(key.uid());
            return report != null
                    && (settled.contains(key.uid())
                            || report.stage() != Stage.ACTIVE
                            || report.status().getContainerStatuses().isEmpty());
        }

        boolean removed(PodKey key) {
            PodReport report = last.get(key.uid());
            return report != null && report.stage() == Stage.REMOVED;
        }

        String phase(PodKey key) {
            PodReport report = last.get(key.uid());
            return report == null ? "untold" : report.status().getPhase();
        }

        void forget(PodKey key) {
            last.remove(key.uid());
            settled.remove(key.uid());
        }
    }

    /** Errors that the engine writes to its log: each is a defect of ours. */
    private static final class Defects extends AppenderBase<ILoggingEvent> {
        private final List<String> errors = new CopyOnWriteArrayList<>();

        void attach() {
            setContext(logger().getLoggerContext());
            start();
            logger().addAppender(this);
        }

        void detach() {
            logger().detachAppender(this);
        }

        private static Logger logger() {
            return (Logger) LoggerFactory.getLogger("dev.burstlet.engine");
        }

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                var thrown = event.getThrowableProxy();
                errors.add(
                        event.getFormattedMessage()
                                + (thrown == null
                                        ? ""
                                        : ": "
                                                + thrown.getClassName()
                                                + ": "
                                                + thrown.getMessage()
                                                + " at "
                                                + thrown.getStackTraceElementProxyArray()[0]));
            }
        }

        Optional<String> take() {
            Optional<String> first = errors.stream().findFirst();
            errors.clear();
            return first;
        }
    }
}
