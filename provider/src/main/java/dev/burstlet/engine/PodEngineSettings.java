package dev.burstlet.engine;

import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.desired.TranslationSettings;
import dev.burstlet.engine.image.ImageRules;
import dev.burstlet.engine.plan.BackOffRules;
import dev.burstlet.engine.pressure.EvictionRules;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one node's pods are run on one engine.
 *
 * @param network made on the engine before the first sandbox, or null where that is not ours to do
 * @param maxParallelPulls of images
 * @param pullProgressDeadline a pull without progress for so long is given up
 * @param lookEvery how often the whole engine is listed, events or not
 * @param hostEvery how often the engine is asked for its state
 * @param eviction when the host is short of something, and pods have to go
 * @param images when they are collected
 * @param host where the engine is, for messages; empty where that goes without saying
 */
public record PodEngineSettings(
        Owner owner,
        TranslationSettings translation,
        @Nullable NetworkSpec network,
        BackOffRules rules,
        int maxParallelPulls,
        Duration pullProgressDeadline,
        Duration lookEvery,
        Duration hostEvery,
        EvictionRules eviction,
        ImageRules images,
        String host) {

    /** With everything as a kubelet has it by default. */
    public PodEngineSettings(Owner owner) {
        this(
                owner,
                TranslationSettings.DEFAULT,
                null,
                BackOffRules.KUBELET,
                5,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                EvictionRules.KUBELET,
                ImageRules.KUBELET,
                "");
    }

    /** On a host of this name. */
    public PodEngineSettings withHost(String other) {
        return with(draft -> draft.host = other);
    }

    public PodEngineSettings withTranslation(TranslationSettings other) {
        return with(draft -> draft.translation = other);
    }

    public PodEngineSettings withNetwork(NetworkSpec other) {
        return with(draft -> draft.network = other);
    }

    public PodEngineSettings withRules(BackOffRules other) {
        return with(draft -> draft.rules = other);
    }

    public PodEngineSettings withEviction(EvictionRules other) {
        return with(draft -> draft.eviction = other);
    }

    public PodEngineSettings withImages(ImageRules other) {
        return with(draft -> draft.images = other);
    }

    /** Looks at the engine more often, or less. */
    public PodEngineSettings withHostEvery(Duration other) {
        return with(draft -> draft.hostEvery = other);
    }

    private PodEngineSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new PodEngineSettings(
                owner,
                draft.translation,
                draft.network,
                draft.rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                draft.hostEvery,
                draft.eviction,
                draft.images,
                draft.host);
    }

    /** What may differ in the next settings. */
    private static final class Draft {
        private TranslationSettings translation;
        private @Nullable NetworkSpec network;
        private BackOffRules rules;
        private Duration hostEvery;
        private EvictionRules eviction;
        private ImageRules images;
        private String host;

        Draft(PodEngineSettings before) {
            translation = before.translation;
            network = before.network;
            rules = before.rules;
            hostEvery = before.hostEvery;
            eviction = before.eviction;
            images = before.images;
            host = before.host;
        }
    }
}
