package dev.burstlet.hyper.remote;

import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.desired.TranslationSettings.ApiServer;
import dev.burstlet.engine.pressure.EvictionRules;
import dev.burstlet.engine.pressure.Signal;
import dev.burstlet.engine.pressure.Threshold;
import dev.burstlet.hyper.proto.agent.V1;

/**
 * What an agent is told when it is claimed.
 *
 * @param number of the session: rises with every process
 */
record Opening(PodEngineSettings settings, long number, String release) {
    V1.Session session() {
        return V1.Session.newBuilder().setOwner(owner()).setNumber(number).build();
    }

    V1.OpenRequest request() {
        V1.NodeSettings.Builder node =
                V1.NodeSettings.newBuilder()
                        .addAllExtendedResources(settings.translation().extendedResources())
                        .setPodPidsLimit(settings.translation().podPidsLimit())
                        .putAllSeccompProfiles(settings.translation().seccompProfiles());
        EvictionRules eviction = settings.eviction();
        for (Signal signal : Signal.values()) {
            node.putEvictionHard(signal.key(), "0%");
        }
        for (Threshold threshold : eviction.thresholds()) {
            node.putEvictionHard(
                    threshold.signal().key(),
                    threshold.percent() > 0
                            ? threshold.percent() + "%"
                            : Long.toString(threshold.amount()));
        }
        node.setEvictionTransitionSeconds(eviction.transition().toSeconds());
        ApiServer forPods = settings.translation().apiServer();
        if (forPods != null) {
            node.setApiServerHost(forPods.host()).setApiServerPort(forPods.port());
        }
        return V1.OpenRequest.newBuilder()
                .setOwner(owner())
                .setSession(number)
                .setSettings(node)
                .setRelease(release)
                .build();
    }

    private V1.Owner owner() {
        return V1.Owner.newBuilder()
                .setCluster(settings.owner().cluster())
                .setNode(settings.owner().node())
                .build();
    }
}
