package dev.burstlet.engine.agent;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.probe.ProbeCount;
import dev.burstlet.engine.probe.ProbeLatency;
import dev.burstlet.pod.PodLifecycle;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Both ends of the way to an agent; found by {@link java.util.ServiceLoader}. */
public interface AgentProtocol {
    /**
     * The pods of a node on an agent's host; does not wait for it to answer.
     *
     * @param settings the owner, and what the node's configuration says about every pod
     * @param release of this program
     * @throws IllegalArgumentException for an endpoint that cannot be right, naming the key
     */
    Remote connect(
            AgentEndpoint endpoint,
            PodEngineSettings settings,
            String release,
            InstantSource clock);

    /**
     * Asks an agent what it is, without claiming it.
     *
     * @throws dev.burstlet.pod.BackendException where it does not answer
     */
    About about(AgentEndpoint endpoint);

    /**
     * Serves the pods on an engine to the one owner that the agent is bound to.
     *
     * @param meter told of the agent's work, which its owner tells with its own
     */
    Serving serve(
            AgentSettings settings,
            ContainerEngine engine,
            AgentMeter meter,
            String release,
            InstantSource clock)
            throws IOException;

    /**
     * An agent as it tells of itself.
     *
     * @param bound whether it has an owner
     * @param ours whether its owner's certificate has the subject of ours
     * @param clock the time on its host
     */
    record About(String release, boolean bound, boolean ours, Instant clock) {}

    /** An agent that serves. */
    interface Serving extends AutoCloseable {
        int port();

        /** Whose it is, in words. */
        String owner();

        @Override
        void close();
    }

    /** A node's pods on a remote host. */
    interface Remote extends PodLifecycle {
        /**
         * How often each probe of the running containers ended how.
         *
         * @throws dev.burstlet.pod.BackendException where the host could not be asked
         */
        List<ProbeCount> probeCounts();

        /**
         * How long their answers took.
         *
         * @throws dev.burstlet.pod.BackendException where the host could not be asked
         */
        List<ProbeLatency> probeLatencies();

        /**
         * What the agent measures of its work, in the Prometheus text format; empty from an older
         * agent.
         *
         * @throws dev.burstlet.pod.BackendException where the host could not be asked
         */
        String metrics();
    }
}
