package dev.burstlet.docker.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Labels;
import dev.burstlet.container.ResolvConf;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.Filters;
import dev.burstlet.docker.client.Parallel;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.image.SandboxImage;
import dev.burstlet.docker.network.HostResolver;
import dev.burstlet.docker.network.PodNetwork;
import dev.burstlet.docker.translate.Mounts;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.docker.translate.SandboxBody;
import dev.burstlet.docker.translate.StatusReader;
import dev.burstlet.docker.volume.FirstContents;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Sandboxes: containers of the pause image that hold a pod's namespaces and volumes. */
public final class Sandboxes {
    private static final int ATTEMPTS = 3;

    /** An engine takes ::1 away from what has no other IPv6 address; a pod has it everywhere. */
    private static final String LOOPBACK_V6 = "net.ipv6.conf.lo.disable_ipv6";

    private final EngineClient client;
    private final ContainerCalls calls;
    private final SandboxImage image;
    private final PodNetwork network;
    private final HostResolver resolver;
    private final Runtimes runtimes;
    private final OomScoreFloor oomScores;
    private final LocalCgroups cgroups;
    private final FirstContents firstContents;
    private final Consumer<String> made;
    private volatile boolean loopbackV6 = true;
    private final SingleRuns<String> runs = new SingleRuns<>();

    /**
     * Sandboxes on one engine.
     *
     * @param firstContents by which the first contents of their volumes come
     * @param made told the id of each that was started, not of those that were found running
     */
    public Sandboxes(
            EngineClient client,
            SandboxImage image,
            PodNetwork network,
            HostResolver resolver,
            Runtimes runtimes,
            OomScoreFloor oomScores,
            LocalCgroups cgroups,
            FirstContents firstContents,
            Consumer<String> made) {
        this.cgroups = cgroups;
        this.firstContents = firstContents;
        this.made = made;
        this.client = client;
        this.calls = new ContainerCalls(client);
        this.image = image;
        this.network = network;
        this.resolver = resolver;
        this.runtimes = runtimes;
        this.oomScores = oomScores;
    }

    /**
     * Creates and starts a sandbox, or takes the running one of the same identity.
     *
     * @param mounts those that keep the pod's volumes alive
     * @param arguments by which its process prepares them
     */
    public String run(SandboxSpec spec, List<? extends Mount> mounts, List<String> arguments) {
        return runs.join(Names.sandbox(spec), () -> runNow(spec, mounts, arguments));
    }

    private String runNow(SandboxSpec spec, List<? extends Mount> mounts, List<String> arguments) {
        runtimes.require(spec.runtimeHandler());
        ArrayNode binds = Mounts.json(mounts);
        BackendException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Made made = make(spec, binds, arguments);
            switch (made) {
                case Made.Running running -> {
                    return running.id();
                }
                case Made.Again again -> last = again.cause();
            }
        }
        throw last == null ? new BackendException(Reason.ENGINE, "no sandbox was made") : last;
    }

    /** Ends the containers of a sandbox at once, and the sandbox. */
    public void stop(String sandboxId) {
        firstContents.forget(sandboxId);
        List<String> running = new ArrayList<>();
        for (JsonNode entry : calls.list(List.of(Names.SANDBOX_LABEL + "=" + sandboxId))) {
            if (!entry.path("State").asText().equals("exited")) {
                running.add(entry.path("Id").asText());
            }
        }
        Parallel.each(running, calls::kill);
        calls.kill(sandboxId);
    }

    /** Removes a sandbox and all containers in it. */
    public void remove(String sandboxId) {
        firstContents.forget(sandboxId);
        List<String> ids =
                calls.list(List.of(Names.SANDBOX_LABEL + "=" + sandboxId)).stream()
                        .map(entry -> entry.path("Id").asText())
                        .toList();
        Parallel.each(ids, calls::remove);
        calls.remove(sandboxId);
    }

    public List<SandboxStatus> list(Filter filter) {
        List<SandboxStatus> sandboxes = new ArrayList<>();
        for (JsonNode entry : calls.list(labels(filter, "sandbox"))) {
            StatusReader.sandbox(entry).ifPresent(sandboxes::add);
        }
        return sandboxes;
    }

    static List<String> labels(Filter filter, String kind) {
        List<String> labels = new ArrayList<>(Filters.owner(filter.owner()));
        labels.add(Labels.KIND + "=" + kind);
        if (filter.podUid() != null) {
            labels.add(Labels.POD_UID + "=" + filter.podUid());
        }
        return labels;
    }

    private sealed interface Made {
        record Running(String id) implements Made {}

        /** What stood in the way is out of it now, or it was this and will be again. */
        record Again(BackendException cause) implements Made {}
    }

    private Made make(SandboxSpec spec, ArrayNode mounts, List<String> arguments) {
        boolean contents = contentsFollow(spec);
        List<String> all = new ArrayList<>();
        if (contents) {
            all.add(PauseImage.TAKE_CONTENTS);
        }
        all.addAll(List.of("-r", resolvConf(spec)));
        all.addAll(arguments);
        int floor = oomScores.lowest();
        ObjectNode body = SandboxBody.of(spec, image.ensure(), all, mounts, floor);
        if (loopbackV6 && !spec.namespaces().hostNetwork() && spec.runtimeHandler().isEmpty()) {
            body.withObject("/HostConfig/Sysctls").put(LOOPBACK_V6, "0");
        }
        cgroups.make(spec);
        if (contents) {
            body.put("OpenStdin", true).put("StdinOnce", true);
        }
        EngineAnswer created = calls.create(Names.sandbox(spec), body);
        return switch (created.status()) {
            case 201 -> start(spec, calls.id(created), floor);
            case 409 -> takeOver(spec, calls.failure(created));
            case 404 -> {
                image.forget();
                yield new Made.Again(calls.failure(created));
            }
            default -> throw calls.failure(created);
        };
    }

    private static boolean contentsFollow(SandboxSpec spec) {
        return spec.volumes().stream()
                .anyMatch(volume -> volume.source() instanceof VolumeSpec.Source.Files);
    }

    private String resolvConf(SandboxSpec spec) {
        Dns dns = spec.dns();
        return ResolvConf.text(dns.equals(Dns.HOST) ? resolver.dns() : dns);
    }

    private Made start(SandboxSpec spec, String id, int oomScoreFloor) {
        Runnable before = contentsFollow(spec) ? () -> firstContents.attach(id) : () -> {};
        EngineAnswer started = calls.start(id, before);
        if (started.ok() || started.status() == 304) {
            made.accept(id);
            if (!spec.namespaces().hostNetwork()) {
                network.joined(spec.owner());
            }
            return new Made.Running(id);
        }
        BackendException failure = startFailure(started);
        firstContents.forget(id);
        calls.remove(id);
        if (started.status() == 404 && started.message().contains("network")) {
            network.restore(spec.owner());
            return new Made.Again(failure);
        }
        if (oomScores.learn(started.message(), oomScoreFloor)) {
            return new Made.Again(failure);
        }
        if (loopbackV6 && started.message().contains("net/ipv6")) {
            // The host's kernel was started without it.
            loopbackV6 = false;
            return new Made.Again(failure);
        }
        throw failure;
    }

    private BackendException startFailure(EngineAnswer started) {
        String message = started.message();
        boolean portTaken =
                message.contains("port is already allocated")
                        || message.contains("address already in use");
        return portTaken
                ? new BackendException(
                        Reason.CONFLICT, "Docker host " + client.host() + ": " + message)
                : calls.failure(started);
    }

    /** Looks at whatever has the name: the same sandbox running is it, a dead one makes way. */
    private Made takeOver(SandboxSpec spec, BackendException conflict) {
        Optional<JsonNode> found = calls.inspect(Names.sandbox(spec));
        if (found.isEmpty()) {
            return new Made.Again(conflict);
        }
        String id = found.get().path("Id").asText();
        Map<String, String> labels = StatusReader.labels(found.get().path("Config").path("Labels"));
        boolean same =
                Labels.belongsTo(spec.owner(), labels)
                        && spec.pod().uid().equals(labels.get(Labels.POD_UID))
                        && spec.attempt() == Labels.attempt(labels)
                        && "sandbox".equals(labels.get(Labels.KIND));
        if (!same) {
            throw conflict;
        }
        if (found.get().path("State").path("Running").asBoolean()) {
            return new Made.Running(id);
        }
        stop(id);
        calls.remove(id);
        return new Made.Again(conflict);
    }
}
