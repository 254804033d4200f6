package dev.burstlet.engine;

import dev.burstlet.engine.desired.PodSpecs;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod as it is wanted, with what follows from its bundle alone.
 *
 * @param contentRevision of the last bundle that differed in more than the status
 */
record Wanted(PodBundle bundle, long contentRevision, List<Member> members, String qosClass) {

    /** The next one, or the same where the bundle is not newer. */
    static Wanted of(PodBundle bundle, @Nullable Wanted before) {
        if (before == null) {
            Pod pod = bundle.pod();
            return new Wanted(
                    bundle, bundle.revision(), Member.of(pod.getSpec()), PodSpecs.qosClass(pod));
        }
        if (bundle.revision() < before.bundle.revision()) {
            return before;
        }
        return sameContents(bundle, before.bundle)
                ? new Wanted(bundle, before.contentRevision, before.members, before.qosClass)
                : new Wanted(
                        bundle,
                        bundle.revision(),
                        Member.of(bundle.pod().getSpec()),
                        before.qosClass);
    }

    private static boolean sameContents(PodBundle one, PodBundle other) {
        ObjectMeta meta = one.pod().getMetadata();
        ObjectMeta otherMeta = other.pod().getMetadata();
        return Objects.equals(meta.getLabels(), otherMeta.getLabels())
                && Objects.equals(meta.getAnnotations(), otherMeta.getAnnotations())
                && one.pod().getSpec().equals(other.pod().getSpec())
                && one.configMaps().equals(other.configMaps())
                && one.secrets().equals(other.secrets())
                && one.pullSecrets().equals(other.pullSecrets())
                && one.tokens().equals(other.tokens())
                && one.services().equals(other.services())
                && one.claims().equals(other.claims())
                && one.volumes().equals(other.volumes())
                && one.node().equals(other.node());
    }

    /** When the API server heard that the pod starts; now where it has not. */
    Instant startTime(Instant now) {
        @Nullable PodStatus api = bundle.pod().getStatus();
        try {
            return api == null || api.getStartTime() == null
                    ? now
                    : Instant.parse(api.getStartTime());
        } catch (DateTimeParseException e) {
            return now;
        }
    }
}
