package dev.burstlet.docker.client;

/** What a call is for; each kind has its own bound of calls at once to one host. */
public enum Budget {
    /** Creating, starting, removing. */
    LIFECYCLE,
    /** Lists, inspects, information: short and cheap for the engine. */
    QUERY,
    /** Commands of probes and hooks. */
    PROBE,
    /** Calls that mostly wait: the end of a container, a pull. */
    WAIT,
    /** Connections held open for a client: logs, exec, attach, events. */
    STREAM
}
