package dev.burstlet.engine;

import dev.burstlet.pod.PodKey;
import org.slf4j.MDC;

/**
 * What all messages of a thread are about, for those who filter logs.
 *
 * @param host where the engine is; empty where that goes without saying
 */
record LogContext(String node, String host) {
    /** For the rest of this thread's life: the threads of a pod do nothing else. */
    void about(PodKey pod) {
        MDC.put("node", node);
        if (!host.isEmpty()) {
            MDC.put("host", host);
        }
        MDC.put("pod", pod.namespace() + "/" + pod.name());
        MDC.put("uid", pod.uid());
    }
}
