package dev.burstlet.docker.volume;

import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.image.PauseImage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether what a sandbox has mounted is what the engine would mount into one more container. An
 * engine that is restarted with live-restore unmounts every volume that has options (before 23.0.7
 * and 24.0.6): what runs goes on with its own, and what is started next would see them empty. Asked
 * once of each sandbox since the engine was connected, unless it was made since. Safe for use by
 * many threads.
 */
public final class HeldVolumes {
    private final EngineClient client;
    private final Set<String> sure = ConcurrentHashMap.newKeySet();

    public HeldVolumes(EngineClient client) {
        this.client = client;
    }

    /** A sandbox was made: it has what the engine has just mounted. */
    public void made(String sandboxId) {
        sure.add(sandboxId);
    }

    public void forget(String sandboxId) {
        sure.remove(sandboxId);
    }

    /** The connection was lost or is there again: the engine may have been restarted. */
    public void reconnected() {
        sure.clear();
    }

    /** Looks through the engine's mounts for the sign that the sandbox's process has left. */
    public boolean holds(String sandboxId) {
        if (sure.contains(sandboxId)) {
            return true;
        }
        EngineAnswer answer =
                client.send(
                        Budget.QUERY,
                        client.callTimeout(),
                        EngineRequest.get(
                                "/containers/"
                                        + sandboxId
                                        + "/archive?path="
                                        + EngineRequest.encode(PauseImage.READY)));
        if (answer.ok()) {
            sure.add(sandboxId);
        }
        return answer.status() != 404 || answer.message().contains("No such container");
    }
}
