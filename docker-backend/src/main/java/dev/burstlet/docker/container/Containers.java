package dev.burstlet.docker.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.client.Parallel;
import dev.burstlet.docker.image.ImageAccounts;
import dev.burstlet.docker.image.Images;
import dev.burstlet.docker.translate.ContainerBody;
import dev.burstlet.docker.translate.EngineLimits;
import dev.burstlet.docker.translate.LogLimits;
import dev.burstlet.docker.translate.Mounts;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.docker.translate.StatusReader;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Containers in sandboxes. */
public final class Containers {
    private final EngineClient client;
    private final ContainerCalls calls;
    private final Images images;
    private final ImageAccounts accounts;
    private final LogLimits log;
    private final OomScoreFloor oomScores;
    private final LocalCgroups cgroups;
    private final StatusCache cache = new StatusCache();

    /** Created by this process and not started yet: the engine would start an ended one again. */
    private final Set<String> fresh = ConcurrentHashMap.newKeySet();

    public Containers(
            EngineClient client,
            Images images,
            LogLimits log,
            OomScoreFloor oomScores,
            LocalCgroups cgroups) {
        this.cgroups = cgroups;
        this.client = client;
        this.calls = new ContainerCalls(client);
        this.images = images;
        this.accounts = new ImageAccounts(client, images);
        this.log = log;
        this.oomScores = oomScores;
    }

    /** Creates a container, or takes the one of the same identity. */
    public String create(ContainerSpec spec, List<? extends Mount> mounts) {
        ObjectNode body =
                ContainerBody.of(
                        spec, accounts.of(spec), Mounts.json(mounts), log, oomScores.lowest());
        cgroups.join(spec.sandbox(), body);
        String name = Names.container(spec);
        EngineAnswer created = calls.create(name, body);
        if (created.status() == 409) {
            @Nullable String existing = takeOver(spec, name, calls.failure(created));
            if (existing != null) {
                return existing;
            }
            created = calls.create(name, body);
        }
        if (!created.ok()) {
            throw calls.failure(created);
        }
        String id = calls.id(created);
        fresh.add(id);
        return id;
    }

    /** Starts a container that never was. */
    public void start(String id) {
        if (!fresh.remove(id) && !(require(id).state() instanceof State.Created)) {
            return;
        }
        EngineAnswer started = calls.start(id);
        if (started.ok() || started.status() == 304) {
            return;
        }
        BackendException failure = calls.failure(started);
        if (failure.reason() == Reason.CONFLICT) {
            throw failure;
        }
        boolean failed =
                containerStatus(id)
                        .map(status -> status.state() instanceof State.Exited)
                        .orElse(false);
        throw failed ? new BackendException(Reason.CANNOT_RUN, started.message()) : failure;
    }

    /** The sandbox of a container. */
    public String sandboxOf(String id) {
        return require(id).sandboxId();
    }

    public void stop(String id, Duration gracePeriod) {
        if (gracePeriod.isPositive()) {
            calls.stop(id, gracePeriod);
        } else {
            calls.kill(id);
        }
    }

    public void remove(String id) {
        calls.remove(id);
        forget(id);
    }

    /** All of the owner, or of one pod. Only what may have changed is inspected. */
    public List<ContainerStatus> list(Filter filter) {
        List<JsonNode> entries = calls.list(Sandboxes.labels(filter, "container"));
        List<Optional<ContainerStatus>> found = Parallel.map(entries, this::status);
        if (filter.podUid() == null) {
            Set<String> ids = ConcurrentHashMap.newKeySet();
            entries.forEach(entry -> ids.add(entry.path("Id").asText()));
            cache.keepOnly(filter.owner(), ids);
        }
        return found.stream().flatMap(Optional::stream).toList();
    }

    public Optional<ContainerStatus> containerStatus(String id) {
        return inspect(id);
    }

    /** Changes a running container's limits. */
    public void update(String id, Resources resources) {
        if (resources.memoryBytes() <= 0 && memoryLimit(id) > 0) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "Docker host "
                            + client.host()
                            + ": limits.memory cannot be taken from a running container");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        EngineLimits.change(body, resources);
        client.call(Budget.LIFECYCLE, EngineRequest.post("/containers/" + id + "/update", body));
        cache.forget(id);
    }

    private long memoryLimit(String id) {
        return calls.inspect(id)
                .map(found -> found.path("HostConfig").path("Memory").asLong())
                .orElse(0L);
    }

    private Optional<ContainerStatus> status(JsonNode entry) {
        String id = entry.path("Id").asText();
        Optional<ContainerStatus> known = cache.find(id, entry.path("State").asText());
        return known.isPresent() ? known : inspect(id);
    }

    private Optional<ContainerStatus> inspect(String id) {
        Optional<JsonNode> inspected = calls.inspect(id);
        if (inspected.isEmpty()) {
            forget(id);
            return Optional.empty();
        }
        JsonNode container = inspected.get();
        Map<String, String> labels = StatusReader.labels(container.path("Config").path("Labels"));
        String image = labels.getOrDefault(Names.IMAGE_LABEL, "");
        String ref = images.ref(container.path("Image").asText(), image);
        Optional<ContainerStatus> status = StatusReader.container(container, ref);
        status.ifPresent(cache::put);
        return status;
    }

    private ContainerStatus require(String id) {
        return inspect(id)
                .orElseThrow(() ->
                        new BackendException(
                                Reason.NOT_FOUND,
                                "Docker host " + client.host() + ": no container " + id));
    }

    private void forget(String id) {
        fresh.remove(id);
        cache.forget(id);
    }

    /** The id of the same container; null where it made way, as its sandbox is another one. */
    private @Nullable String takeOver(ContainerSpec spec, String name, BackendException conflict) {
        Optional<ContainerStatus> found = inspect(name);
        if (found.isEmpty()) {
            return null;
        }
        ContainerStatus container = found.get();
        boolean same =
                Labels.belongsTo(spec.owner(), container.labels())
                        && container.pod().uid().equals(spec.pod().uid())
                        && container.name().equals(spec.name())
                        && container.attempt() == spec.attempt();
        if (!same) {
            throw conflict;
        }
        if (container.sandboxId().equals(spec.sandboxId())) {
            return container.id();
        }
        if (container.running()) {
            throw conflict;
        }
        remove(container.id());
        return null;
    }
}
