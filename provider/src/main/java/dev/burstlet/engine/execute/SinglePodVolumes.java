package dev.burstlet.engine.execute;

import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.desired.VolumeNotReadyException;
import dev.burstlet.pod.PodBundle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who uses the persistent volumes of access mode ReadWriteOncePod: one pod of the host at a time.
 * Safe for use by many threads.
 */
final class SinglePodVolumes {
    /** The pods' UIDs by the names of persistent volumes. */
    private final Map<String, String> users = new ConcurrentHashMap<>();

    /**
     * For a pod that is to start.
     *
     * @throws VolumeNotReadyException while another pod uses one of them
     */
    void take(PodBundle bundle) {
        String uid = bundle.key().uid();
        PodTranslator.volumesOfOnePod(bundle)
                .forEach((volume, persistent) -> {
                    String user = users.putIfAbsent(persistent, uid);
                    if (user != null && !user.equals(uid)) {
                        throw new VolumeNotReadyException(
                                volume,
                                "volume uses the ReadWriteOncePod access mode and is already in"
                                        + " use by another pod");
                    }
                });
    }

    /** For a pod that was found running. */
    void keep(PodBundle bundle) {
        String uid = bundle.key().uid();
        PodTranslator.volumesOfOnePod(bundle)
                .values()
                .forEach(persistent -> users.putIfAbsent(persistent, uid));
    }

    void release(String podUid) {
        users.values().removeIf(podUid::equals);
    }
}
