package dev.burstlet.docker.container;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lowest oom_score_adj that containers of a host may have. An engine without CAP_SYS_RESOURCE
 * may not lower the score below its own; that shows when the first sandbox is started, is said once
 * and heeded from then on.
 */
public final class OomScoreFloor {
    private static final Logger LOG = LoggerFactory.getLogger(OomScoreFloor.class);

    private final String host;
    private volatile int lowest = -1000;

    public OomScoreFloor(String host) {
        this.host = host;
    }

    int lowest() {
        return lowest;
    }

    /**
     * Whether a failed start was the kernel's refusal, so that trying again with the floor helps.
     */
    synchronized boolean learn(String failure) {
        if (!failure.contains("oom_score_adj") || lowest == 0) {
            return false;
        }
        lowest = 0;
        LOG.warn(
                "Docker host {} may not lower oom_score_adj: containers get 0 at least, and are not"
                        + " spared before others when memory runs out",
                host);
        return true;
    }
}
