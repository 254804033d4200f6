package dev.burstlet.container;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One engine that runs containers in sandboxes. Calls block, obey a deadline of the engine's own,
 * may come from many threads at once, and fail with {@link BackendException}; interrupting the
 * thread gives a call up. Every call may be repeated: creating what exists under the same identity
 * (pod UID, container name, attempt) returns it, stopping what is stopped and removing what is gone
 * does nothing. No call decides anything that a pod's spec decides.
 *
 * <p>Order of use for a pod: {@link #ensureVolumes}, {@link #runPodSandbox}, {@link #publish}, then
 * containers. Volumes live until {@link #removeVolumes}; RAM-backed contents are lost when the
 * sandbox ends and must be published again.
 */
public interface ContainerEngine extends AutoCloseable {
    // ---- the engine -----------------------------------------------------------------------------

    /** What the engine and its host are. */
    EngineInfo info();

    /**
     * Makes the network that sandboxes join from now on; an engine with its own network ignores it.
     */
    void ensureNetwork(NetworkSpec network);

    /**
     * Tells of changes from now on, until the returned handle is closed. After {@link
     * EngineEvent.Connected} the listener lists everything; between a {@link
     * EngineEvent.Disconnected} and the next Connected, events are lost. The consumer returns
     * quickly.
     */
    AutoCloseable events(Consumer<EngineEvent> consumer);

    /**
     * The resolver settings of the engine's host, for pods that have them too; {@link
     * SandboxSpec.Dns#HOST} where the engine cannot tell, but gives them.
     */
    default SandboxSpec.Dns hostDns() {
        return SandboxSpec.Dns.HOST;
    }

    // ---- sandboxes and containers ---------------------------------------------------------------

    /**
     * Creates and starts a sandbox and returns its id. One that runs already under the same pod UID
     * and attempt is returned as it is; a half-made or dead one of that identity is replaced.
     */
    String runPodSandbox(SandboxSpec spec);

    /** Ends a sandbox and, at once, every container in it that still runs. */
    void stopPodSandbox(String sandboxId);

    /** Removes a sandbox and its containers, running or not. */
    void removePodSandbox(String sandboxId);

    /** All sandboxes of the owner, or of one pod: complete or failed, never partial. */
    List<SandboxStatus> listPodSandboxes(Filter filter);

    /**
     * Creates a container in a running sandbox and returns its id.
     *
     * @throws BackendException NOT_FOUND where image or sandbox is not there, INVALID or
     *     UNSUPPORTED naming the field where the engine cannot do what the spec says
     */
    String createContainer(ContainerSpec spec);

    /** Starts a created container; one that was started before is left alone. */
    void startContainer(String containerId);

    /**
     * Ends a container: its stop signal, then after the grace period SIGKILL. Returns when it is
     * confirmed to be ended. Zero kills at once.
     */
    void stopContainer(String containerId, Duration gracePeriod);

    /** Removes a container, running or not. */
    void removeContainer(String containerId);

    /** All containers of the owner, or of one pod, with their full status: complete or failed. */
    List<ContainerStatus> listContainers(Filter filter);

    /** One container's status. */
    Optional<ContainerStatus> containerStatus(String containerId);

    /** Changes a running container's limits in place. */
    void updateContainerResources(String containerId, Resources resources);

    /**
     * Changes what a pod's containers may have together, at once or in two steps around the change
     * of a container. Called before each container is made, so it costs nothing where nothing
     * differs; an engine that limits each container by itself does nothing. Throws ENGINE where
     * containers have or use more than would be left.
     *
     * @param resources as the sandbox would be made with now
     * @param overhead of the sandbox itself, beside them
     * @param raise only what grows by it: what shrinks would not hold what still runs
     */
    default void updateSandboxResources(
            String sandboxId, PodKey pod, Resources resources, Resources overhead, boolean raise) {}

    // ---- images ---------------------------------------------------------------------------------

    /** The image that a reference (or an id) names on this engine. */
    Optional<ImageInfo> imageStatus(String reference);

    /**
     * Pulls an image; returns when it is usable.
     *
     * @throws BackendException INVALID_IMAGE_NAME, IMAGE_PULL, REGISTRY_UNAVAILABLE, IMAGE_PLATFORM
     */
    ImageInfo pullImage(PullRequest request);

    List<ImageInfo> listImages();

    /** Removes an image with all its names; CONFLICT where a container uses it. */
    void removeImage(String imageId);

    // ---- volumes --------------------------------------------------------------------------------

    /**
     * Makes a pod's volumes; those that exist are left alone. Before the sandbox is run.
     *
     * @throws BackendException INVALID or UNSUPPORTED for what is wrong with a volume itself; best
     *     by {@link VolumeSpec#failed}, which says with which
     */
    void ensureVolumes(Owner owner, PodKey pod, List<VolumeSpec> volumes);

    /**
     * Writes contents into volumes of a pod whose sandbox runs. Atomic contents become visible all
     * at once to a reader that never sees a file missing.
     */
    void publish(String sandboxId, PodKey pod, List<Publication> publications);

    /**
     * Reads at most the given number of bytes of a file of a pod's volume; empty where there is
     * none. The path is relative to the volume and leads out of it under no circumstances.
     */
    Optional<byte[]> readFile(
            String sandboxId, PodKey pod, String volume, String path, int limitBytes);

    /**
     * The host's own /etc/hosts, as a sandbox on the host's network has it; empty where the engine
     * cannot tell.
     */
    default String hostsFile(String sandboxId) {
        return "";
    }

    /** The pods of this owner that have volumes on the engine. */
    List<PodKey> listVolumes(Owner owner);

    /**
     * Gives up what the volumes of a pod that has ended hold for it alone: its emptyDirs, its
     * copies of secrets. Called while its last sandbox is still there, and none of its containers
     * runs any more; those, and their logs, stay.
     *
     * @param emptyDirs the names of those of its volumes, as far as they are known
     */
    default void releaseVolumes(
            Owner owner, String sandboxId, PodKey pod, List<String> emptyDirs) {}

    /**
     * Removes all volumes of a pod; those that the pod was only given (hostPath, nfs) keep their
     * contents.
     */
    void removeVolumes(Owner owner, PodKey pod);

    // ---- streams --------------------------------------------------------------------------------

    /**
     * Runs a command to its end and returns its exit code; its streams are joined to {@code io}.
     */
    int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException;

    /**
     * Runs a command and keeps at most {@code outputLimitBytes} of its output. The process is
     * killed, as far as the engine can, when the time is over.
     *
     * @throws BackendException TIMEOUT when the time is over
     */
    ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException;

    /** Joins the main process's streams until it or the caller ends. */
    void attach(String containerId, ProcessIo io) throws IOException, InterruptedException;

    /**
     * Joins one connection to a TCP port inside the sandbox's network namespace, loopback included.
     */
    void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException;

    /**
     * Connects to a TCP port inside the sandbox's network namespace and lets go again. What the
     * engine takes to get there is no part of the timeout.
     *
     * @return whether it was connected; false where that was refused
     * @throws BackendException TIMEOUT where nobody answers in time
     */
    boolean dial(String sandboxId, int port, Duration timeout)
            throws IOException, InterruptedException;

    /**
     * Copies a container's log, running or ended. The request's {@code previous} is the caller's
     * matter and ignored here. With follow, ends when the container has ended and all is copied.
     */
    void logs(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException;

    // ---- usage ----------------------------------------------------------------------------------

    /** Usage of the host and of all running containers of the owner. */
    EngineStats stats(Owner owner);

    /** How much the host has left; an engine that cannot tell knows nothing. */
    default HostFigures hostFigures(Owner owner) {
        return HostFigures.UNKNOWN;
    }

    /** Disk space that a pod uses; an engine that cannot tell knows nothing. */
    default DiskUsage diskUsage(Owner owner, PodKey pod) {
        return DiskUsage.UNKNOWN;
    }

    /**
     * What a running pod's volumes and logs use; those that the engine cannot look into are left
     * out. Walks directories, so it may take long. Of an export or a claim it is the whole file
     * system's use, of the others their own.
     */
    default PodStorage podStorage(
            Owner owner, String sandboxId, PodKey pod, List<VolumeSpec> volumes) {
        return PodStorage.UNKNOWN;
    }

    /** Lets go of the connection; nothing that runs is touched. */
    @Override
    void close();
}
