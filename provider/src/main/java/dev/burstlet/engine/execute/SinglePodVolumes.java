package dev.burstlet.engine.execute;

import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.desired.VolumeNotReadyException;
import dev.burstlet.pod.PodBundle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Who uses the persistent volumes of access mode ReadWriteOncePod: one pod of the host at a time.
 * Safe for use by many threads.
 */
final class SinglePodVolumes {
    /** The pods' UIDs by the names of persistent volumes. */
    private final Map<String, String> users = new ConcurrentHashMap<>();

    private final Supplier<List<Optional<PodBundle>>> running;

    /**
     * @param running the pods that have a sandbox; empty for one that was found, of which nobody
     *     has told yet what it uses
     */
    SinglePodVolumes(Supplier<List<Optional<PodBundle>>> running) {
        this.running = running;
    }

    /**
     * For a pod that is to start.
     *
     * @throws VolumeNotReadyException while another pod uses one of them, or may
     */
    void take(PodBundle bundle) {
        String uid = bundle.key().uid();
        PodTranslator.volumesOfOnePod(bundle)
                .forEach((volume, persistent) -> {
                    boolean used = running.get().stream().anyMatch(p -> uses(p, uid, persistent));
                    String user = used ? "" : users.putIfAbsent(persistent, uid);
                    if (user != null && !user.equals(uid)) {
                        throw new VolumeNotReadyException(
                                volume,
                                "volume uses the ReadWriteOncePod access mode and is already in"
                                        + " use by another pod");
                    }
                });
    }

    /** What a pod uses that was found after a restart is not known before its bundle comes. */
    private static boolean uses(Optional<PodBundle> pod, String but, String persistent) {
        return pod.isEmpty()
                || (!pod.get().key().uid().equals(but)
                        && PodTranslator.volumesOfOnePod(pod.get()).containsValue(persistent));
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
