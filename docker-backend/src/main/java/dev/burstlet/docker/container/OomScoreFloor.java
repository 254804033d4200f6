package dev.burstlet.docker.container;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lowest oom_score_adj that containers of a host may have. An engine without CAP_SYS_RESOURCE
 * may not lower the score below its own; that shows when the first sandbox is started, is said once
 * and heeded from then on.
 */
public final class OomScoreFloor {
    private static final Logger LOG = LoggerFactory.getLogger(OomScoreFloor.class);

    /**
     * What runc says: the first when it writes the score itself, the second when its child dies.
     */
    private static final List<String> REFUSALS =
            List.of("oom_score_adj", "can't get final child's PID from pipe");

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
     *
     * @param attempted the lowest score that the failed one was allowed
     */
    synchronized boolean learn(String failure, int attempted) {
        if (attempted >= 0 || REFUSALS.stream().noneMatch(failure::contains)) {
            return false;
        }
        if (lowest == 0) {
            return true;
        }
        lowest = 0;
        LOG.warn(
                "Docker host {} may not lower oom_score_adj: containers get 0 at least, and are not"
                        + " spared before others when memory runs out",
                host);
        return true;
    }
}
