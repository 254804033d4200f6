package dev.burstlet.engine;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.engine.plan.Ending;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kubelet's admission of pods by the AppArmor profiles that they ask for. */
final class AppArmor {
    private static final String REASON = "AppArmor";
    private static final String MISSING =
            "Cannot enforce AppArmor: AppArmor is not enabled on the host";

    /** Of a pod that is rejected. */
    static final Ending.Verdict VERDICT =
            new Ending.Verdict(REASON, "Pod was rejected: " + MISSING, null, true);

    private AppArmor() {}

    /** Whether a pod asks for a profile on a host that has no AppArmor. */
    static boolean isMissing(Pod pod, EngineInfo host) {
        return !host.features().contains(EngineInfo.Feature.APPARMOR) && isAsked(pod.getSpec());
    }

    static PodEvent event(PodKey rejected, Instant time) {
        return new PodEvent(rejected, PodEvent.Type.WARNING, REASON, MISSING, null, time);
    }

    private static boolean isAsked(PodSpec spec) {
        PodSecurityContext context = spec.getSecurityContext();
        return (context != null && isEnforced(context.getAppArmorProfile()))
                || Stream.of(spec.getInitContainers(), spec.getContainers())
                        .flatMap(List::stream)
                        .map(Container::getSecurityContext)
                        .anyMatch(AppArmor::isEnforced);
    }

    private static boolean isEnforced(@Nullable SecurityContext context) {
        return context != null && isEnforced(context.getAppArmorProfile());
    }

    private static boolean isEnforced(@Nullable AppArmorProfile profile) {
        return profile != null && !"Unconfined".equals(profile.getType());
    }
}
