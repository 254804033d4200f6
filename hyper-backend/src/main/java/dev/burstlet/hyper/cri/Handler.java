package dev.burstlet.hyper.cri;

/**
 * A runtime handler.
 *
 * @param name empty for the default
 * @param isolated its pods have a kernel of their own (a virtual machine, gVisor): no host
 *     namespaces, and the runtime's port-forward does not reach into them
 * @param measured whether single containers have cgroups of their own, which can be read and
 *     changed
 * @param cgroupsAsFiles whether it is known to make cgroups itself, below any path; not by systemd
 */
public record Handler(
        String name,
        boolean isolated,
        boolean measured,
        boolean recursiveReadOnly,
        boolean userNamespaces,
        boolean cgroupsAsFiles) {}
