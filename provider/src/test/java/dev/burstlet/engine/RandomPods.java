package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.burstlet.container.ContainerEngine;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/**
 * Pods of random specs through the whole engine: each is told of and can be removed, none is a
 * defect, and a pod beside them runs on.
 */
public final class RandomPods implements AutoCloseable {
    private static final Duration SHRINKING = Duration.ofSeconds(10);

    private final PodEngine pods;
    private final String image;
    private final Duration patience;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Heard heard = new Heard();
    private final Defects defects = new Defects();
    private int count;

    /**
     * @param image that is on the engine and has a shell
     * @param patience with a batch of pods, to be told of and to be removed
     */
    public RandomPods(
            ContainerEngine engine, PodEngineSettings settings, String image, Duration patience) {
        this.pods = new PodEngine(engine, settings, InstantSource.system());
        this.image = image;
        this.patience = patience;
        defects.attach();
        pods.listen(heard);
    }

    @Override
    public void close() {
        pods.close();
        defects.detach();
    }

    /**
     * Plays so many specs, a batch at a time.
     *
     * @throws AssertionError with the spec that does not go well, shrunk
     */
    public void play(int specs, int atOnce, Source source) {
        Pod steady = pod("steady-" + run, "Always", container("main", "sleep 100000"));
        steady.getSpec().getContainers().getFirst().setImage(image);
        pods.createPod(TestPods.bundle(steady));
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int done = 0; done < specs; done += atOnce) {
            List<PodSpec> batch = new ArrayList<>();
            for (int i = done; i < Math.min(specs, done + atOnce); i++) {
                batch.add(i % 2 == 0 ? source.next() : startable(source.next()));
            }
            Optional<String> failure = play(batch, outcomes, patience);
            if (failure.isPresent()) {
                throw new AssertionError(
                        "%s: %s; spec: %s".formatted(source, failure.get(), culprit(batch)));
            }
        }
        System.out.println(source + ": " + specs + " specs, " + outcomes);

        PodReport report = heard.last.get(PodKey.of(steady).uid());
        assertThat(report).isNotNull();
        assertThat(report.status().getPhase()).isEqualTo("Running");
        assertThat(report.status().getContainerStatuses().getFirst().getRestartCount()).isZero();
        assertThat(remove(List.of(PodKey.of(steady)), patience)).isTrue();
    }

    /** Why these do not go well, if they do not. */
    public Optional<String> play(List<PodSpec> specs) {
        return play(specs, new TreeMap<>(), patience);
    }

    /** Where specs come from. */
    public interface Source {
        PodSpec next();

        /** Random ones, of a seed that is told when one fails. */
        static Source seeded(long seed, UnaryOperator<PodSpec> change) {
            RandomSpecs specs = new RandomSpecs(seed);
            return new Source() {
                @Override
                public PodSpec next() {
                    return change.apply(specs.next());
                }

                @Override
                public String toString() {
                    return "seed " + seed;
                }
            };
        }
    }

    /** The same with what keeps most of them from ever starting taken away. */
    private PodSpec startable(PodSpec spec) {
        spec.setVolumes(new ArrayList<>());
        spec.setHostnameOverride(null);
        int number = 0;
        List<Container> all =
                Stream.of(spec.getInitContainers(), spec.getContainers())
                        .flatMap(List::stream)
                        .toList();
        for (Container container : all) {
            container.setName("c" + number++);
            container.setImage(image);
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
        for (PodSpec spec : batch) {
            if (failsAlone(spec)) {
                return Serialization.asJson(ShrunkSpec.of(spec, this::failsAlone));
            }
        }
        return "only together: " + Serialization.asJson(batch);
    }

    private boolean failsAlone(PodSpec spec) {
        return play(List.of(spec), new TreeMap<>(), SHRINKING).isPresent();
    }

    /** Why it did not go well, if it did not. */
    private Optional<String> play(
            List<PodSpec> specs, Map<String, Integer> outcomes, Duration limit) {
        List<PodKey> keys = new ArrayList<>();
        for (PodSpec spec : specs) {
            Pod pod = pod("random-" + run + "-" + count++, "Always", container("main", "true"));
            pod.setSpec(spec);
            if (!Support.refusals(pod).isEmpty()) {
                outcomes.merge("refused by the table", 1, Integer::sum);
                continue;
            }
            keys.add(PodKey.of(pod));
            pods.createPod(PodBundle.of(1, pod, TestPods.NODE));
        }
        if (!awaited(limit, () -> keys.stream().allMatch(heard::told))) {
            return first("not told of", keys.stream().filter(key -> !heard.told(key)));
        }
        keys.forEach(key -> outcomes.merge(heard.outcome(key), 1, Integer::sum));
        if (!remove(keys, limit)) {
            return first("not removed", keys.stream().filter(key -> !heard.removed(key)));
        }
        keys.forEach(heard::forget);
        return defects.take();
    }

    private Optional<String> first(String what, Stream<PodKey> keys) {
        return keys.findFirst().map(key -> what + ": " + heard.last.get(key.uid()));
    }

    private boolean remove(List<PodKey> keys, Duration limit) {
        keys.forEach(key -> pods.deletePod(key, new Deletion(0, "")));
        return awaited(limit, () -> keys.stream().allMatch(heard::removed));
    }

    private static boolean awaited(Duration limit, Callable<Boolean> condition) {
        try {
            Awaitility.await().atMost(limit).until(condition);
            return true;
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return false;
        }
    }

    /** The newest report of each pod. */
    private static final class Heard implements PodListener {
        private final Map<String, PodReport> last = new ConcurrentHashMap<>();
        private final Set<String> settled = ConcurrentHashMap.newKeySet();
        private final Set<String> started = ConcurrentHashMap.newKeySet();

        @Override
        public void podReported(PodReport report) {
            last.put(report.key().uid(), report);
        }

        @Override
        public void podEvent(PodEvent event) {
            if (event.reason().equals("Started")) {
                started.add(event.key().uid());
                settled.add(event.key().uid());
            } else if (event.type() == PodEvent.Type.WARNING) {
                settled.add(event.key().uid());
            }
        }

        @Override
        public void hostChanged(HostDescription host) {}

        /** Something came of it: a start or a warning, or a pod without anything to do. */
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

        String outcome(PodKey key) {
            PodReport report = last.get(key.uid());
            return started.contains(key.uid())
                    ? "Started"
                    : report == null ? "untold" : report.status().getPhase();
        }

        void forget(PodKey key) {
            last.remove(key.uid());
            settled.remove(key.uid());
            started.remove(key.uid());
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
