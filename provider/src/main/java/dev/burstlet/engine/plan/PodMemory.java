package dev.burstlet.engine.plan;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is remembered of one pod between two plans and cannot be seen on the engine. It
 * may all be lost with the process: what then runs is adopted as it is.
 *
 * @param containers by name
 * @param instances by container id
 * @param inFlight what goes on in the background, by key
 * @param sandboxSetback why there is no sandbox, or its contents are not there yet
 * @param published what the volumes hold, or null when it is not known
 * @param removalSetback why the pod could not be removed
 * @param ending why the pod is being ended, or null
 * @param finished every container has ended and none will start again
 * @param removed nothing is left on the engine
 * @param remains what becomes of what a finished pod left on the engine
 */
public record PodMemory(
        Map<String, ContainerMemory> containers,
        Map<String, InstanceMemory> instances,
        Map<String, InFlight> inFlight,
        @Nullable Setback sandboxSetback,
        @Nullable Published published,
        @Nullable Setback removalSetback,
        @Nullable Ending ending,
        boolean finished,
        boolean removed,
        Remains remains) {
    public static final PodMemory EMPTY =
            new PodMemory(
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    null,
                    null,
                    null,
                    null,
                    false,
                    false,
                    Remains.KEPT);

    /** What becomes of the dead containers and volumes of a finished pod that is not deleted. */
    public enum Remains {
        KEPT,
        UNWANTED,
        CLEARED
    }

    /** Background work; the deadline is that of a stop, else null. */
    public record InFlight(Action action, @Nullable Instant deadline, boolean cancelled) {}

    /**
     * What was published last.
     *
     * @param hashes of each volume's contents, by volume name; of files published ahead of their
     *     container, by path
     */
    public record Published(String sandboxId, long revision, Map<String, Integer> hashes) {
        public Published {
            hashes = Map.copyOf(hashes);
        }
    }

    public ContainerMemory container(String name) {
        return containers.getOrDefault(name, ContainerMemory.NONE);
    }

    public InstanceMemory instance(String id) {
        return instances.getOrDefault(id, InstanceMemory.NONE);
    }

    public boolean busy(String key) {
        return inFlight.containsKey(key);
    }

    /** Whether anything of this kind is in flight. */
    public boolean busy(Class<? extends Action> kind) {
        return inFlight.values().stream().anyMatch(f -> kind.isInstance(f.action()));
    }

    public PodMemory container(String name, UnaryOperator<ContainerMemory> change) {
        ContainerMemory next = change.apply(container(name));
        return new PodMemory(
                with(containers, name, next),
                instances,
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                finished,
                removed,
                remains);
    }

    public PodMemory instance(String id, UnaryOperator<InstanceMemory> change) {
        InstanceMemory next = change.apply(instance(id));
        return new PodMemory(
                containers,
                with(instances, id, next),
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                finished,
                removed,
                remains);
    }

    /** Forgets the instances that are no more. */
    public PodMemory keepInstances(Observed observed) {
        if (instances.keySet().stream().allMatch(id -> observed.byId(id).isPresent())) {
            return this;
        }
        Map<String, InstanceMemory> kept = new HashMap<>(instances);
        kept.keySet().removeIf(id -> observed.byId(id).isEmpty());
        return new PodMemory(
                containers,
                Map.copyOf(kept),
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                finished,
                removed,
                remains);
    }

    public PodMemory begun(Action action, @Nullable Instant deadline) {
        return flights(with(inFlight, action.key(), new InFlight(action, deadline, false)));
    }

    public PodMemory cancelled(String key) {
        InFlight flight = inFlight.get(key);
        return flight == null
                ? this
                : flights(
                        with(
                                inFlight,
                                key,
                                new InFlight(flight.action(), flight.deadline(), true)));
    }

    public PodMemory done(String key) {
        Map<String, InFlight> left = new HashMap<>(inFlight);
        left.remove(key);
        return flights(Map.copyOf(left));
    }

    private PodMemory flights(Map<String, InFlight> next) {
        return new PodMemory(
                containers,
                instances,
                next,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                finished,
                removed,
                remains);
    }

    public PodMemory sandboxSetBack(@Nullable Setback setback) {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                setback,
                published,
                removalSetback,
                ending,
                finished,
                removed,
                remains);
    }

    /** The volumes hold this, so the sandbox is as it should be. */
    public PodMemory published(Published now) {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                null,
                now,
                removalSetback,
                ending,
                finished,
                removed,
                remains);
    }

    public PodMemory removalSetBack(@Nullable Setback setback) {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                sandboxSetback,
                published,
                setback,
                ending,
                finished,
                removed,
                remains);
    }

    public PodMemory ending(Ending next) {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending == null ? next : ending.and(next),
                finished,
                removed,
                remains);
    }

    public PodMemory finish() {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                true,
                removed,
                remains);
    }

    public PodMemory remove() {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                true,
                true,
                remains);
    }

    /** What a finished pod left is to go, unless it has. */
    public PodMemory unwanted() {
        return remains == Remains.KEPT ? remains(Remains.UNWANTED) : this;
    }

    public PodMemory remains(Remains next) {
        return new PodMemory(
                containers,
                instances,
                inFlight,
                sandboxSetback,
                published,
                removalSetback,
                ending,
                finished,
                removed,
                next);
    }

    private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
        Map<String, T> next = new HashMap<>(map);
        next.put(key, value);
        return Map.copyOf(next);
    }
}
