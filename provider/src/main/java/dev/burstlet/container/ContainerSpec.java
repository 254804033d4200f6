package dev.burstlet.container;

import dev.burstlet.pod.PodKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container as it is to be made, everything resolved.
 *
 * @param sandbox the spec that the sandbox was run with
 * @param attempt 0 for the first, then the restart count
 * @param image the reference as the pod has it
 * @param imageId what to run, as {@link ImageInfo#id()}
 * @param command replaces the image's entrypoint when not empty
 * @param args replaces the image's command when not empty
 * @param env in order, the last of a name wins
 * @param workingDir empty for the image's
 * @param stopSignal as {@code SIGUSR1}, or empty for the image's
 * @param targetContainerId whose PID namespace to join (ephemeral containers), or null
 */
public record ContainerSpec(
        Owner owner,
        PodKey pod,
        String name,
        ContainerKind kind,
        int attempt,
        String sandboxId,
        SandboxSpec sandbox,
        String image,
        String imageId,
        List<String> command,
        List<String> args,
        List<EnvVar> env,
        String workingDir,
        List<Mount> mounts,
        Resources resources,
        SecuritySpec security,
        boolean stdin,
        boolean stdinOnce,
        boolean tty,
        String stopSignal,
        @Nullable String targetContainerId,
        Map<String, String> labels,
        Map<String, String> annotations) {
    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** The same container of the same sandbox, whose spec is there already. */
    public ContainerSpec with(SandboxSpec known) {
        return new ContainerSpec(
                owner,
                pod,
                name,
                kind,
                attempt,
                sandboxId,
                known,
                image,
                imageId,
                command,
                args,
                env,
                workingDir,
                mounts,
                resources,
                security,
                stdin,
                stdinOnce,
                tty,
                stopSignal,
                targetContainerId,
                labels,
                annotations);
    }

    /** One environment variable. */
    public record EnvVar(String name, String value) {
        /** The name only: values may be secrets. */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * One of the pod's volumes inside the container.
     *
     * @param volume the name of the {@link VolumeSpec}
     * @param subPath inside the volume, relative, no {@code ..}; empty for all of it. What is
     *     missing is made as a directory. It never leads out of the volume, whatever links a pod
     *     plants.
     * @param containerPath where it appears, absolute
     */
    public record Mount(
            String volume,
            String subPath,
            String containerPath,
            boolean readOnly,
            boolean recursiveReadOnly,
            Propagation propagation) {}

    /** As the API's mountPropagation. */
    public enum Propagation {
        NONE,
        HOST_TO_CONTAINER,
        BIDIRECTIONAL
    }
}
