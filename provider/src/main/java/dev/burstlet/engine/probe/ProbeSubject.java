package dev.burstlet.engine.probe;

import io.fabric8.kubernetes.api.model.Container;
import java.time.Instant;

/**
 * One running container to probe.
 *
 * @param podIp the address that probes without a host of their own go to
 * @param spec the container, whose probes and named ports are used
 * @param wasReady what the API server last had for this very container id, so that a restart of
 *     Burstlet does not make a ready pod flap
 * @param wasStarted the same for the startup probe
 */
public record ProbeSubject(
        String container,
        String containerId,
        String sandboxId,
        Instant startedAt,
        String podIp,
        Container spec,
        boolean wasReady,
        boolean wasStarted) {}
