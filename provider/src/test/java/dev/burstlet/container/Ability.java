package dev.burstlet.container;

/** What an engine may lack without breaking the contract. */
public enum Ability {
    /** Containers of a pod share a PID namespace. */
    SHARED_PID,
    /** A container that uses more memory than its limit is ended as OOMKilled. */
    OUT_OF_MEMORY,
    /** Limits of a running container change in place. */
    RESIZE,
    /** A connection reaches a port of the pod. */
    PORT_FORWARD,
    /** A connection reaches a port that only the pod's loopback has. */
    LOOPBACK_PORT_FORWARD,
    /** The same of its loopback of IPv6. */
    IPV6_PORT_FORWARD,
    /** A published file that is mounted alone changes in place. */
    FILE_IN_PLACE,
    /** The size of a scratch volume in RAM is limited. */
    MEMORY_LIMIT,
    /** A path of the host is mounted. */
    HOST_PATH,
    /** Stdin that ends is passed on while output goes on. */
    STDIN_END,
    /** A terminal's size reaches the process. */
    TERMINAL_SIZE,
    /** An image is pulled from a registry that does not have it. */
    MISSING_IMAGE,
    /** Images can be removed without disturbing others who use the engine. */
    IMAGE_REMOVAL,
    /** A log can be followed, and cut by time and lines. */
    LOG_OPTIONS,
    /** An ephemeral container sees the processes of its target. */
    TARGET_PID
}
