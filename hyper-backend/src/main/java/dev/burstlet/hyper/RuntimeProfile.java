package dev.burstlet.hyper;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.EngineInfo.Feature;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.Handler;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.host.HostFacts;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.HostDescription.RuntimeHandler;
import dev.burstlet.pod.HostStats;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the runtime is: asked when it is wanted for the first time, and again after a while. */
final class RuntimeProfile {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final CriConnection connection;
    private final String defaultHandler;
    private final InstantSource clock;
    private volatile @Nullable Answer last;

    RuntimeProfile(CriConnection connection, String defaultHandler, InstantSource clock) {
        this.connection = connection;
        this.defaultHandler = defaultHandler;
        this.clock = clock;
    }

    /** What decides how calls are made; a minute old at most. */
    RuntimeFacts facts() {
        @Nullable Answer answer = last;
        if (answer != null && clock.instant().isBefore(answer.time().plus(FRESH))) {
            return answer.facts();
        }
        return ask();
    }

    private RuntimeFacts ask() {
        RuntimeFacts facts = RuntimeFacts.ask(connection);
        last = new Answer(clock.instant(), facts);
        return facts;
    }

    /** Always asks: it is what tells whether the runtime answers. */
    EngineInfo info(Path root) {
        RuntimeFacts facts = ask();
        if (!facts.problem().isEmpty()) {
            throw new BackendException(
                    Reason.UNAVAILABLE,
                    connection.host() + ": the runtime is not ready: " + facts.problem());
        }
        HostStats.@Nullable Filesystem disk = disk(root);
        return new EngineInfo(
                facts.name(),
                HostFacts.system(facts.name() + "://" + facts.version()),
                HostFacts.cpuMillis(),
                HostFacts.memoryBytes(),
                bytes(disk == null ? null : disk.capacityBytes()),
                bytes(disk == null ? null : disk.availableBytes()),
                facts.podCidr(),
                handlers(facts),
                features(facts));
    }

    private HostStats.@Nullable Filesystem disk(Path root) {
        Path path = root;
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return HostFacts.filesystem(clock.instant(), path, null, null);
    }

    private static long bytes(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private List<RuntimeHandler> handlers(RuntimeFacts facts) {
        List<RuntimeHandler> handlers = new ArrayList<>();
        facts.handler(defaultHandler).ifPresent(handler -> handlers.add(handler("", handler)));
        for (Handler handler : facts.handlers()) {
            if (!handler.name().isEmpty()) {
                handlers.add(handler(handler.name(), handler));
            }
        }
        return handlers;
    }

    /** User namespaces are the runtime's to have, and not made use of here yet. */
    private static RuntimeHandler handler(String name, Handler handler) {
        return new RuntimeHandler(name, handler.recursiveReadOnly(), false);
    }

    private Set<Feature> features(RuntimeFacts facts) {
        boolean isolated = facts.isolated(defaultHandler);
        Set<Feature> features =
                EnumSet.of(Feature.SHARED_PID, Feature.HOST_PORTS, Feature.POD_NETWORK_ROUTED);
        if (facts.handler(defaultHandler).map(Handler::measured).orElse(true)) {
            features.add(Feature.IN_PLACE_RESIZE);
        }
        if (!isolated) {
            features.add(Feature.HOST_NAMESPACES);
            features.add(Feature.SECCOMP);
            features.add(Feature.MOUNT_PROPAGATION);
            if (facts.apparmor() && Files.exists(Path.of("/sys/module/apparmor"))) {
                features.add(Feature.APPARMOR);
            }
            if (facts.selinux()) {
                features.add(Feature.SELINUX);
            }
        }
        if (facts.handler(defaultHandler).map(Handler::recursiveReadOnly).orElse(false)) {
            features.add(Feature.RECURSIVE_READ_ONLY);
        }
        if (facts.supplementalGroupsPolicy()) {
            features.add(Feature.SUPPLEMENTAL_GROUPS_POLICY);
        }
        if (facts.imageVolumes()) {
            features.add(Feature.IMAGE_VOLUMES);
        }
        return features;
    }

    private record Answer(Instant time, RuntimeFacts facts) {}
}
