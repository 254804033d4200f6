package dev.burstlet.sync;

import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bundles of one pod and follows what is in them: whatever changes is told once, and the
 * next bundle has it. Used by one thread at a time.
 */
final class BundleMaker implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final ReferencedObjects objects;
    private final PodTokens tokens;
    private final Runnable changed;
    private Set<ObjectCache.Id> configMaps = new HashSet<>();
    private Set<ObjectCache.Id> secrets = new HashSet<>();
    private boolean incomplete;

    /**
     * Makes bundles for one pod.
     *
     * @param changed run when something that the last bundle was made from has changed
     */
    BundleMaker(ReferencedObjects objects, PodTokens tokens, Runnable changed) {
        this.objects = objects;
        this.tokens = tokens;
        this.changed = changed;
        objects.services().subscribe(changed);
    }

    PodBundle make(long revision, Pod pod, NodeContext node) throws InterruptedException {
        objects.turns().acquire();
        try {
            return inTurn(revision, pod, node);
        } finally {
            objects.turns().release();
        }
    }

    private PodBundle inTurn(long revision, Pod pod, NodeContext node) throws InterruptedException {
        String namespace = pod.getMetadata().getNamespace();
        References references = References.of(pod);
        incomplete = false;
        Set<ObjectCache.Id> maps = ids(namespace, references.configMaps());
        Set<ObjectCache.Id> hidden = ids(namespace, references.secrets());
        hidden.addAll(ids(namespace, references.pullSecrets()));
        forget(maps, hidden);
        Map<String, Reference<ConfigMap>> foundMaps =
                found(objects.configMaps(), namespace, references.configMaps());
        Map<String, Reference<Secret>> foundSecrets =
                found(objects.secrets(), namespace, references.secrets());
        Map<String, Reference<Secret>> pullSecrets =
                found(objects.secrets(), namespace, references.pullSecrets());
        Map<String, Reference<PersistentVolumeClaim>> claims = new HashMap<>();
        Map<String, Reference<PersistentVolume>> volumes = new HashMap<>();
        for (String claim : references.claims()) {
            claim(namespace, claim, claims, volumes);
        }
        return new PodBundle(
                revision,
                pod,
                foundMaps,
                foundSecrets,
                pullSecrets,
                tokens.get(references.tokens()),
                objects.services().of(pod),
                claims,
                volumes,
                node,
                runtimeHandler(pod));
    }

    /** Until the next bundle is due though nothing changed, or null. */
    @Nullable Duration again() {
        Duration renewal = tokens.untilRenewal();
        if (incomplete && (renewal == null || renewal.compareTo(LOOK_AGAIN) > 0)) {
            return LOOK_AGAIN;
        }
        return renewal;
    }

    /** Whether the host has to be told of the newer of two bundles. */
    static boolean differ(PodBundle before, PodBundle now) {
        return PodChange.matters(before.pod(), now.pod())
                || !before.configMaps().equals(now.configMaps())
                || !before.secrets().equals(now.secrets())
                || !before.pullSecrets().equals(now.pullSecrets())
                || !before.tokens().equals(now.tokens())
                || !before.services().equals(now.services())
                || !before.claims().equals(now.claims())
                || !before.volumes().equals(now.volumes())
                || !before.node().equals(now.node())
                || !java.util.Objects.equals(before.runtimeHandler(), now.runtimeHandler());
    }

    @Override
    public void close() {
        objects.services().unsubscribe(changed);
        forget(new HashSet<>(), new HashSet<>());
    }

    private static Set<ObjectCache.Id> ids(String namespace, Set<String> names) {
        Set<ObjectCache.Id> ids = new HashSet<>();
        names.forEach(name -> ids.add(new ObjectCache.Id(namespace, name)));
        return ids;
    }

    private void forget(Set<ObjectCache.Id> keptMaps, Set<ObjectCache.Id> keptSecrets) {
        configMaps.removeAll(keptMaps);
        secrets.removeAll(keptSecrets);
        configMaps.forEach(id -> objects.configMaps().release(id, changed));
        secrets.forEach(id -> objects.secrets().release(id, changed));
        configMaps = keptMaps;
        secrets = keptSecrets;
    }

    private <T extends HasMetadata> Map<String, Reference<T>> found(
            ObjectCache<T> cache, String namespace, Set<String> names) throws InterruptedException {
        Map<String, Reference<T>> found = new LinkedHashMap<>();
        for (String name : names) {
            found.put(name, cache.get(new ObjectCache.Id(namespace, name), changed));
        }
        return found;
    }

    /** A claim that is not bound yet is looked at again: a node may not watch claims. */
    private void claim(
            String namespace,
            String name,
            Map<String, Reference<PersistentVolumeClaim>> claims,
            Map<String, Reference<PersistentVolume>> volumes)
            throws InterruptedException {
        Reference<PersistentVolumeClaim> claim = objects.claim(namespace, name);
        claims.put(name, claim);
        if (claim instanceof Reference.Present<PersistentVolumeClaim>(PersistentVolumeClaim bound)
                && bound.getStatus() != null
                && "Bound".equals(bound.getStatus().getPhase())
                && bound.getSpec().getVolumeName() != null) {
            Reference<PersistentVolume> volume = objects.volume(bound.getSpec().getVolumeName());
            volumes.put(name, volume);
            incomplete |= !(volume instanceof Reference.Present);
        } else {
            incomplete = true;
        }
    }

    private @Nullable String runtimeHandler(Pod pod) throws InterruptedException {
        String name = pod.getSpec().getRuntimeClassName();
        if (name == null || name.isEmpty()) {
            return null;
        }
        if (objects.runtimeHandler(name) instanceof Reference.Present<String>(String handler)) {
            return handler;
        }
        incomplete = true;
        return null;
    }
}
