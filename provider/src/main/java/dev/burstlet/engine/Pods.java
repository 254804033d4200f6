package dev.burstlet.engine;

import dev.burstlet.engine.execute.Executor;
import dev.burstlet.engine.observe.HostWatch;
import dev.burstlet.engine.observe.Observer;
import dev.burstlet.engine.plan.BackOffRules;
import dev.burstlet.engine.probe.ProbeSupervisor;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import java.time.InstantSource;

/** What the workers of all pods of a node share. */
interface Pods {
    Executor executor();

    Observer observer();

    ProbeSupervisor probes();

    HostWatch host();

    Translators translators();

    Allocations allocations();

    EngineMeter meter();

    /** What messages of the pods are about. */
    LogContext log();

    InstantSource clock();

    BackOffRules rules();

    void report(PodReport report);

    void event(PodEvent event);

    /** Nothing is left of the pod and its worker has ended. */
    void removed(PodKey key);
}
