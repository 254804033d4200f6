package dev.burstlet.engine;

import dev.burstlet.container.Resources;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.pod.BackendException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The limits of one pod's containers, translated once for each spec. Used by its worker only. */
final class Limits {
    private final Pods pods;
    private List<Member> members = List.of();
    private Map<String, Resources> known = Map.of();

    Limits(Pods pods) {
        this.pods = pods;
    }

    @SuppressWarnings("ReferenceEquality") // Whoever has the same spec has the same members.
    Map<String, Resources> of(Wanted pod) {
        if (members == pod.members()) {
            return known;
        }
        try {
            PodTranslator translator = pods.translators().get();
            Map<String, Resources> limits = new HashMap<>();
            for (Member member : pod.members()) {
                limits.put(member.name(), translator.resources(pod.bundle(), member.name()));
            }
            known = Map.copyOf(limits);
            members = pod.members();
            return known;
        } catch (BackendException e) {
            return Map.of();
        }
    }
}
