package dev.burstlet.hyper.cri;

/**
 * A runtime handler.
 *
 * @param name empty for the default
 * @param isolated its pods have a kernel of their own (a virtual machine, gVisor): no host
 *     namespaces, and the runtime's port-forward does not reach into them
 * @param measured whether single containers have cgroups of their own, which can be read and
 *     changed
 */
public record Handler(
        String name,
        boolean isolated,
        boolean measured,
        boolean recursiveReadOnly,
        boolean userNamespaces) {}
