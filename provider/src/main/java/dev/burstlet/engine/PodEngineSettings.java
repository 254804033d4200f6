package dev.burstlet.engine;

import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.desired.TranslationSettings;
import dev.burstlet.engine.image.ImageRules;
import dev.burstlet.engine.plan.BackOffRules;
import dev.burstlet.engine.pressure.EvictionRules;
import java.time.Duration;
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
        return new PodEngineSettings(
                owner,
                translation,
                network,
                rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                hostEvery,
                eviction,
                images,
                other);
    }

    public PodEngineSettings withTranslation(TranslationSettings other) {
        return new PodEngineSettings(
                owner,
                other,
                network,
                rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                hostEvery,
                eviction,
                images,
                host);
    }

    public PodEngineSettings withNetwork(NetworkSpec other) {
        return new PodEngineSettings(
                owner,
                translation,
                other,
                rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                hostEvery,
                eviction,
                images,
                host);
    }

    public PodEngineSettings withRules(BackOffRules other) {
        return new PodEngineSettings(
                owner,
                translation,
                network,
                other,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                hostEvery,
                eviction,
                images,
                host);
    }

    public PodEngineSettings withEviction(EvictionRules other) {
        return new PodEngineSettings(
                owner,
                translation,
                network,
                rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                hostEvery,
                other,
                images,
                host);
    }

    public PodEngineSettings withImages(ImageRules other) {
        return new PodEngineSettings(
                owner,
                translation,
                network,
                rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                hostEvery,
                eviction,
                other,
                host);
    }

    /** Looks at the engine more often, or less. */
    public PodEngineSettings withHostEvery(Duration other) {
        return new PodEngineSettings(
                owner,
                translation,
                network,
                rules,
                maxParallelPulls,
                pullProgressDeadline,
                lookEvery,
                other,
                eviction,
                images,
                host);
    }
}
