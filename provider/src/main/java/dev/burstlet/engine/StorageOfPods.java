package dev.burstlet.engine;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.desired.VolumeNotReadyException;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.PodKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the pods' volumes and logs use. An engine walks directories to know, so the pods are looked
 * at one after the other in the background, each again after a minute, as a kubelet does, and only
 * while somebody asks. Published contents, which every pod has for its token, change seldom and are
 * looked at every ten minutes: on Docker a look costs an exec. Safe for use by many threads.
 */
final class StorageOfPods implements Function<String, PodStorage> {
    private static final Logger LOG = LoggerFactory.getLogger(StorageOfPods.class);
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Duration CONTENTS_FRESH = Duration.ofMinutes(10);

    private final ContainerEngine engine;
    private final Owner owner;
    private final Supplier<PodTranslator> translator;
    private final InstantSource clock;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * One pod as it was seen.
     *
     * @param contentsTime when its published contents were looked at
     * @param contents those of its volumes that are published contents
     */
    private record Look(
            Instant time,
            Instant contentsTime,
            String sandboxId,
            PodStorage found,
            Map<String, Filesystem> contents) {
        /** Whether its published contents need not be looked at. */
        boolean knows(String sandbox, Instant oldest) {
            return sandboxId.equals(sandbox) && contentsTime.isAfter(oldest);
        }
    }

    StorageOfPods(
            ContainerEngine engine,
            Owner owner,
            Supplier<PodTranslator> translator,
            InstantSource clock) {
        this.engine = engine;
        this.owner = owner;
        this.translator = translator;
        this.clock = clock;
    }

    /** Of a pod by its UID, as last seen. */
    @Override
    public PodStorage apply(String uid) {
        Look look = looks.get(uid);
        return look == null ? PodStorage.UNKNOWN : look.found();
    }

    /** Begins to look at the pods that were not looked at for a minute, unless that goes on. */
    void refresh(Collection<PodWorker> workers) {
        looks.keySet()
                .retainAll(
                        workers.stream().map(one -> one.key().uid()).collect(Collectors.toSet()));
        List<PodWorker> stale = workers.stream().filter(this::stale).toList();
        if (!stale.isEmpty() && busy.compareAndSet(false, true)) {
            Thread.ofVirtual()
                    .name("volume usage")
                    .start(() -> {
                        try {
                            stale.forEach(this::look);
                        } finally {
                            busy.set(false);
                        }
                    });
        }
    }

    private boolean stale(PodWorker worker) {
        @Nullable SandboxStatus sandbox = worker.view().observed().readySandbox().orElse(null);
        Look look = looks.get(worker.key().uid());
        return sandbox != null
                && worker.view().wanted() != null
                && (look == null
                        || !look.sandboxId().equals(sandbox.id())
                        || look.time().isBefore(clock.instant().minus(FRESH)));
    }

    private void look(PodWorker worker) {
        @Nullable Wanted wanted = worker.view().wanted();
        @Nullable SandboxStatus sandbox = worker.view().observed().readySandbox().orElse(null);
        if (wanted == null || sandbox == null) {
            return;
        }
        String uid = worker.key().uid();
        Instant now = clock.instant();
        try {
            List<VolumeSpec> volumes = translator.get().measuredVolumes(wanted.bundle());
            @Nullable Look before = looks.get(uid);
            looks.put(
                    uid,
                    before != null && before.knows(sandbox.id(), now.minus(CONTENTS_FRESH))
                            ? again(worker.key(), before, volumes, now)
                            : first(worker.key(), sandbox.id(), volumes, now));
        } catch (BackendException | VolumeNotReadyException e) {
            LOG.debug("the volumes of {} cannot be measured: {}", worker.key(), e.getMessage());
            looks.put(uid, new Look(now, now, sandbox.id(), PodStorage.UNKNOWN, Map.of()));
        }
    }

    private Look first(PodKey pod, String sandboxId, List<VolumeSpec> volumes, Instant now) {
        PodStorage found = engine.podStorage(owner, sandboxId, pod, volumes);
        Map<String, Filesystem> contents = new HashMap<>(found.volumes());
        contents.keySet()
                .retainAll(
                        volumes.stream()
                                .filter(StorageOfPods::published)
                                .map(VolumeSpec::name)
                                .toList());
        return new Look(now, now, sandboxId, found, Map.copyOf(contents));
    }

    private Look again(PodKey pod, Look before, List<VolumeSpec> volumes, Instant now) {
        PodStorage found =
                engine.podStorage(
                        owner,
                        before.sandboxId(),
                        pod,
                        volumes.stream().filter(volume -> !published(volume)).toList());
        Map<String, Filesystem> all = new HashMap<>(before.contents());
        all.putAll(found.volumes());
        return new Look(
                now,
                before.contentsTime(),
                before.sandboxId(),
                new PodStorage(all, found.logs()),
                before.contents());
    }

    private static boolean published(VolumeSpec volume) {
        return volume.source() instanceof VolumeSpec.Source.Files;
    }
}
