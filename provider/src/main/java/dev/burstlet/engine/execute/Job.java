package dev.burstlet.engine.execute;

import dev.burstlet.engine.plan.Killing;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.engine.plan.Situation;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an action is carried out with.
 *
 * @param situation as it was planned from
 * @param memory as it was once planned
 * @param events takes what there is to tell
 */
public record Job(
        Situation situation, PodMemory memory, InstantSource clock, Consumer<PodEvent> events) {

    PodKey key() {
        return situation.key();
    }

    PodBundle bundle() {
        if (situation.bundle() == null) {
            throw new IllegalStateException("no bundle of " + situation.key());
        }
        return situation.bundle();
    }

    Member member(String name) {
        return situation
                .member(name)
                .orElseThrow(() -> new NoSuchElementException("container " + name));
    }

    void normal(@Nullable String fieldPath, String reason, String message) {
        tell(PodEvent.Type.NORMAL, fieldPath, reason, message);
    }

    void warning(@Nullable String fieldPath, String reason, String message) {
        tell(PodEvent.Type.WARNING, fieldPath, reason, message);
    }

    void tell(PodEvent.Type type, @Nullable String fieldPath, String reason, String message) {
        events.accept(new PodEvent(key(), type, reason, message, fieldPath, clock.instant()));
    }

    Setback setback(@Nullable Setback earlier, String reason, String message) {
        return Setback.after(
                earlier, reason, message, situation.rules(), clock.instant(), situation.revision());
    }

    /** An end that did not get on, to be tried again later. */
    @Nullable Killing again(@Nullable Killing killing) {
        return killing == null ? null : killing.failed(situation.rules(), clock.instant());
    }

    /** The pod's addresses; the node's where it uses the host's network. */
    List<String> podIps() {
        List<String> ips = situation.observed().readySandbox().map(s -> s.ips()).orElse(List.of());
        boolean hostNetwork =
                situation.bundle() != null
                        && Boolean.TRUE.equals(situation.spec().getHostNetwork());
        return ips.isEmpty() && hostNetwork ? bundle().node().hostIps() : ips;
    }
}
