package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Support;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** No spec makes anything but an answer or a refusal in words. */
final class RandomSpecsTest {
    private static final int SPECS = 200;

    @Test
    void anythingIsTranslatedOrRefused() {
        long seed = Long.getLong("burstlet.fuzz.seed", System.nanoTime());
        RandomSpecs specs = new RandomSpecs(seed);
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < SPECS; i++) {
            PodSpec spec = specs.next();
            try {
                outcomes.merge(translated(spec), 1, Integer::sum);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed %d, spec %d: %s".formatted(seed, i, Serialization.asJson(spec)), e);
            }
        }
        System.out.println("seed " + seed + ": " + outcomes);

        assertThat(outcomes).containsOnlyKeys("sandbox made", "sandbox refused");
    }

    private static String translated(PodSpec spec) {
        Bundles fixture = Bundles.pod("hostname: a");
        PodBundle bundle = fixture.build();
        bundle.pod().setSpec(spec);
        Support.refusals(bundle.pod());
        PodResources.requests(spec);
        PodResources.limits(spec);
        PodTranslator translator =
                new PodTranslator(Bundles.OWNER, Bundles.engine(), TranslationSettings.DEFAULT);
        for (PodSpecs.Member member : PodSpecs.members(spec)) {
            refusable(() ->
                    translator.container(
                            bundle, Bundles.context(bundle, member.name(), "10.1.0.5")));
        }
        refusable(() -> translator.publications(bundle, List.of("10.1.0.5")));
        refusable(() -> translator.warnings(bundle));
        return refusable(() -> translator.sandbox(bundle, 0)) ? "sandbox refused" : "sandbox made";
    }

    private static boolean refusable(Runnable translation) {
        try {
            translation.run();
            return false;
        } catch (ConfigException | VolumeNotReadyException e) {
            assertThat(e).hasMessageNotContaining("null");
            return true;
        }
    }
}
