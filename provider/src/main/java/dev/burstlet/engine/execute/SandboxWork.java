package dev.burstlet.engine.execute;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.desired.VolumeNotReadyException;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.PodMemory.Published;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work on a pod's sandbox and volumes. */
final class SandboxWork {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxWork.class);

    private final ContainerEngine engine;
    private final Owner owner;
    private final Supplier<PodTranslator> translator;
    private final SinglePodVolumes single;

    SandboxWork(
            ContainerEngine engine,
            Owner owner,
            Supplier<PodTranslator> translator,
            SinglePodVolumes single) {
        this.single = single;
        this.engine = engine;
        this.owner = owner;
        this.translator = translator;
    }

    UnaryOperator<PodMemory> start(Action.StartSandbox action, Job job) {
        PodBundle bundle = job.bundle();
        try {
            PodTranslator pods = translator.get();
            // A missing object keeps the whole pod from starting, as a mount that fails does.
            var _ = pods.publications(bundle, List.of());
            pods.warnings(bundle).forEach(w -> job.warning(null, w.reason(), w.message()));
            List<VolumeSpec> volumes = pods.volumes(bundle);
            single.take(bundle);
            ensure(volumes, job);
            engine.runPodSandbox(pods.sandbox(bundle, action.attempt(), volumes));
            return memory -> memory.sandboxSetBack(null);
        } catch (VolumeNotReadyException e) {
            return volumeNotReady(e, job);
        } catch (BackendException e) {
            return VolumeSpec.isNamedIn(String.valueOf(e.getMessage()))
                    ? volumeNotReady(VolumeNotReadyException.of(e), job)
                    : failed("FailedCreatePodSandBox", "Failed to create pod sandbox: ", e, job);
        } catch (RuntimeException e) {
            return failed("FailedCreatePodSandBox", "Failed to create pod sandbox: ", e, job);
        }
    }

    /** What is wrong with a volume itself is a mount that failed, not a sandbox that did. */
    private void ensure(List<VolumeSpec> volumes, Job job) {
        try {
            engine.ensureVolumes(owner, job.key(), volumes);
        } catch (BackendException e) {
            switch (e.reason()) {
                case INVALID, UNSUPPORTED -> throw VolumeNotReadyException.of(e);
                default -> throw e;
            }
        }
    }

    UnaryOperator<PodMemory> publish(Action.Publish action, Job job) {
        PodBundle bundle = job.bundle();
        single.keep(bundle);
        try {
            String hosts =
                    PodTranslator.extendsHosts(bundle) ? engine.hostsFile(action.sandboxId()) : "";
            List<Publication> all = translator.get().updates(bundle, job.podIps(), hosts);
            Map<String, Integer> known = known(action.sandboxId(), job.memory());
            Map<String, Integer> hashes = new HashMap<>();
            List<Publication> changed = new ArrayList<>();
            for (Publication publication : all) {
                int hash = publication.hashCode();
                hashes.put(publication.volume(), hash);
                if (!Integer.valueOf(hash).equals(known.get(publication.volume()))) {
                    changed.add(publication);
                }
            }
            if (!isPrepared(action.sandboxId(), job.memory())) {
                firstLogs(job)
                        .forEach((path, log) -> {
                            hashes.put(path, log.hashCode());
                            changed.add(log);
                        });
            }
            if (!changed.isEmpty()) {
                engine.publish(action.sandboxId(), job.key(), changed);
            }
            Published published =
                    new Published(action.sandboxId(), job.situation().revision(), hashes);
            return memory -> memory.published(published);
        } catch (VolumeNotReadyException e) {
            return volumeNotReady(e, job);
        } catch (BackendException e) {
            return switch (e.reason()) {
                // The engine is away, or the sandbox has gone: that is told elsewhere.
                case UNAVAILABLE, TIMEOUT, NOT_FOUND, CONFLICT -> later(e, job);
                default -> failed("FailedMount", "MountVolume.SetUp failed: ", e, job);
            };
        } catch (RuntimeException e) {
            return failed("FailedMount", "MountVolume.SetUp failed: ", e, job);
        }
    }

    /** The files for the last words of containers that start first, by path: one call for all. */
    private Map<String, Publication> firstLogs(Job job) {
        Map<String, Publication> logs = new HashMap<>();
        for (Member member : job.situation().members()) {
            boolean first = job.memory().container(member.name()).highestAttempt() < 0;
            if (first && member.kind() != ContainerKind.EPHEMERAL) {
                logs.put(
                        PodTranslator.terminationLogPath(member.name(), 0),
                        translator.get().terminationLog(member.name(), 0));
            }
        }
        return logs;
    }

    private static Map<String, Integer> known(String sandboxId, PodMemory memory) {
        @Nullable Published published = memory.published();
        return published != null && isPrepared(sandboxId, memory) ? published.hashes() : Map.of();
    }

    private static boolean isPrepared(String sandboxId, PodMemory memory) {
        @Nullable Published published = memory.published();
        return published != null && published.sandboxId().equals(sandboxId);
    }

    UnaryOperator<PodMemory> stop(Action.StopSandbox action, Job job) {
        try {
            if (action.last()) {
                release(action.sandboxId(), job);
            }
            engine.stopPodSandbox(action.sandboxId());
            single.release(job.key().uid());
            return memory -> memory.removalSetBack(null);
        } catch (BackendException e) {
            return removalFailed("FailedKillPod", "error killing pod: ", e, job);
        }
    }

    /** What cannot be given up now goes with the pod: nothing of it keeps its sandbox. */
    private void release(String sandboxId, Job job) {
        PodBundle bundle = job.situation().bundle();
        List<String> emptyDirs =
                bundle == null
                        ? List.of()
                        : bundle.pod().getSpec().getVolumes().stream()
                                .filter(volume -> volume.getEmptyDir() != null)
                                .map(Volume::getName)
                                .toList();
        try {
            engine.releaseVolumes(owner, sandboxId, job.key(), emptyDirs);
        } catch (BackendException e) {
            LOG.debug("volumes of {} stay until it is removed: {}", job.key(), e.getMessage());
        }
    }

    UnaryOperator<PodMemory> remove(Action.RemoveSandbox action, Job job) {
        try {
            engine.removePodSandbox(action.sandboxId());
            single.release(job.key().uid());
            return memory -> memory.removalSetBack(null);
        } catch (BackendException e) {
            return removalFailed("FailedKillPod", "error removing sandbox: ", e, job);
        }
    }

    UnaryOperator<PodMemory> removePod(Job job) {
        return removeAll(job, PodMemory::remove);
    }

    UnaryOperator<PodMemory> clearPod(Job job) {
        return removeAll(
                job, memory -> memory.removalSetBack(null).remains(PodMemory.Remains.CLEARED));
    }

    private UnaryOperator<PodMemory> removeAll(Job job, UnaryOperator<PodMemory> done) {
        try {
            Filter filter = new Filter(owner, job.key().uid());
            for (SandboxStatus sandbox : job.situation().observed().sandboxes()) {
                engine.removePodSandbox(sandbox.id());
            }
            // Containers whose sandbox somebody else has removed.
            engine.listContainers(filter).forEach(c -> engine.removeContainer(c.id()));
            engine.removeVolumes(owner, job.key());
            single.release(job.key().uid());
            return done;
        } catch (BackendException e) {
            return removalFailed("FailedKillPod", "error removing pod: ", e, job);
        }
    }

    private static UnaryOperator<PodMemory> volumeNotReady(VolumeNotReadyException e, Job job) {
        String message = String.valueOf(e.getMessage());
        job.warning(null, "FailedMount", message);
        Setback setback = job.setback(job.memory().sandboxSetback(), "ContainerCreating", message);
        return memory -> memory.sandboxSetBack(setback);
    }

    private static UnaryOperator<PodMemory> later(BackendException e, Job job) {
        Setback setback =
                job.setback(
                        job.memory().sandboxSetback(),
                        "ContainerCreating",
                        String.valueOf(e.getMessage()));
        return memory -> memory.sandboxSetBack(setback);
    }

    private static UnaryOperator<PodMemory> failed(
            String reason, String prefix, RuntimeException e, Job job) {
        if (Thread.currentThread().isInterrupted()) {
            return memory -> memory;
        }
        String message = prefix + e.getMessage();
        job.warning(null, reason, message);
        Setback setback = job.setback(job.memory().sandboxSetback(), reason, message);
        return memory -> memory.sandboxSetBack(setback);
    }

    private static UnaryOperator<PodMemory> removalFailed(
            String reason, String prefix, BackendException e, Job job) {
        String message = prefix + e.getMessage();
        job.warning(null, reason, message);
        Setback setback = job.setback(job.memory().removalSetback(), reason, message);
        return memory -> memory.removalSetBack(setback);
    }
}
