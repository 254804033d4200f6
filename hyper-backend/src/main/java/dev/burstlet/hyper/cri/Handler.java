package dev.burstlet.hyper.cri;

/**
 * A runtime handler.
 *
 * @param name empty for the default
 * @param isolated its pods have a kernel of their own (a virtual machine, gVisor): no host
 *     namespaces, and the runtime's port-forward does not reach into them
 * @param containerStats whether what the runtime tells of single containers is theirs
 */
public record Handler(
        String name,
        boolean isolated,
        boolean containerStats,
        boolean recursiveReadOnly,
        boolean userNamespaces) {}
