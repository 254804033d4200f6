package dev.burstlet.hyper.cri;

import dev.burstlet.container.Filter;
import dev.burstlet.container.Labels;
import dev.burstlet.container.PodCgroups;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.hyper.proto.cri.ListPodSandboxRequest;
import dev.burstlet.hyper.proto.cri.PodIP;
import dev.burstlet.hyper.proto.cri.PodSandbox;
import dev.burstlet.hyper.proto.cri.PodSandboxFilter;
import dev.burstlet.hyper.proto.cri.PodSandboxState;
import dev.burstlet.hyper.proto.cri.PodSandboxStatus;
import dev.burstlet.hyper.proto.cri.PodSandboxStatusRequest;
import dev.burstlet.hyper.proto.cri.RemovePodSandboxRequest;
import dev.burstlet.hyper.proto.cri.RunPodSandboxRequest;
import dev.burstlet.hyper.proto.cri.StopPodSandboxRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The sandboxes of a runtime. */
public final class Sandboxes {
    private final CriConnection connection;
    private final Supplier<RuntimeFacts> facts;
    private final Translation translation;
    private final Deadlines deadlines;
    private final String defaultHandler;
    private final PodCgroups cgroups;

    /** A sandbox's addresses are the same as long as it runs. */
    private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();

    private final KeyedLock locks = new KeyedLock();

    /**
     * @param defaultHandler for pods that name none; empty for the runtime's own
     */
    public Sandboxes(
            CriConnection connection,
            Supplier<RuntimeFacts> facts,
            Translation translation,
            Deadlines deadlines,
            String defaultHandler,
            PodCgroups cgroups) {
        this.cgroups = cgroups;
        this.connection = connection;
        this.facts = facts;
        this.translation = translation;
        this.deadlines = deadlines;
        this.defaultHandler = defaultHandler;
    }

    /** The handler that a pod's sandbox gets. */
    public String handler(SandboxSpec spec) {
        return spec.runtimeHandler().isEmpty() ? defaultHandler : spec.runtimeHandler();
    }

    public String run(SandboxSpec spec) {
        return locks.with("run sandbox of " + spec.pod(), () -> runAlone(spec));
    }

    /** Only where the runtime says that it has one of this identity is looked for that. */
    private String runAlone(SandboxSpec spec) {
        checkSupported(spec);
        makeLogDirectory(spec.pod());
        try {
            return make(spec);
        } catch (BackendException e) {
            if (e.reason() != Reason.CONFLICT) {
                throw e;
            }
        }
        Filter filter = new Filter(spec.owner(), spec.pod().uid());
        for (PodSandbox sandbox : items(filter)) {
            if (Labels.attempt(sandbox.getLabelsMap()) == spec.attempt()) {
                if (sandbox.getState() == PodSandboxState.SANDBOX_READY) {
                    return sandbox.getId();
                }
                remove(sandbox.getId());
            }
        }
        return make(spec);
    }

    private String make(SandboxSpec spec) {
        String handler = handler(spec);
        Duration deadline = deadlines.start(facts.get().isolated(handler));
        RunPodSandboxRequest request =
                RunPodSandboxRequest.newBuilder()
                        .setConfig(translation.sandbox(spec, cgroup(spec, handler)))
                        .setRuntimeHandler(handler)
                        .build();
        return connection
                .lifecycle(
                        "run sandbox of " + spec.pod(),
                        deadline,
                        stub -> stub.runPodSandbox(request))
                .getPodSandboxId();
    }

    private String cgroup(SandboxSpec spec, String handler) {
        boolean asFiles = facts.get().handler(handler).map(Handler::cgroupsAsFiles).orElse(false);
        return asFiles && spec.cgroupParent().isEmpty()
                ? cgroups.make(spec, true)
                : spec.cgroupParent();
    }

    /** Under which a sandbox that was made before has its containers. */
    String cgroup(SandboxSpec spec) {
        return spec.cgroupParent().isEmpty() ? cgroups.of(spec.pod().uid()) : spec.cgroupParent();
    }

    /** The same for a sandbox of which nothing else is known. */
    String cgroup(PodSandboxStatus sandbox) {
        return cgroups.of(sandbox.getMetadata().getUid());
    }

    private void checkSupported(SandboxSpec spec) {
        String handler = handler(spec);
        Optional<Handler> known = facts.get().handler(handler);
        if (!handler.isEmpty() && known.isEmpty() && !facts.get().handlers().isEmpty()) {
            throw new BackendException(
                    Reason.INVALID,
                    "runtimeClassName: no runtime for \"" + handler + "\" is configured");
        }
        if (spec.namespaces().userNamespace()) {
            throw new BackendException(
                    Reason.UNSUPPORTED, "hostUsers: false is not supported by this engine");
        }
        if (facts.get().isolated(handler)) {
            refuse(spec.namespaces().hostNetwork(), "hostNetwork", handler);
            refuse(spec.namespaces().hostPid(), "hostPID", handler);
            refuse(spec.namespaces().hostIpc(), "hostIPC", handler);
        }
    }

    private static void refuse(boolean wanted, String field, String handler) {
        if (wanted) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    field + ": pods of runtime handler \"" + handler + "\" have their own kernel");
        }
    }

    private void makeLogDirectory(PodKey pod) {
        Path directory = translation.logDirectory(pod);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new BackendException(
                    Reason.ENGINE, "log directory " + directory + ": " + e.getMessage(), e);
        }
    }

    public void stop(String id) {
        goneIsFine(() ->
                connection.runtime(
                        "stop sandbox " + id,
                        deadlines.stop(Duration.ZERO),
                        stub ->
                                stub.stopPodSandbox(
                                        StopPodSandboxRequest.newBuilder()
                                                .setPodSandboxId(id)
                                                .build())));
    }

    public void remove(String id) {
        stop(id);
        goneIsFine(() ->
                connection.lifecycle(
                        "remove sandbox " + id,
                        deadlines.stop(Duration.ZERO),
                        stub ->
                                stub.removePodSandbox(
                                        RemovePodSandboxRequest.newBuilder()
                                                .setPodSandboxId(id)
                                                .build())));
    }

    static void goneIsFine(Supplier<?> call) {
        try {
            Object ignored = call.get();
        } catch (BackendException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    public List<SandboxStatus> list(Filter filter) {
        List<SandboxStatus> found = new ArrayList<>();
        List<PodSandbox> items = items(filter);
        for (PodSandbox sandbox : items) {
            Optional<PodKey> pod = Labels.podKey(sandbox.getLabelsMap());
            if (pod.isPresent()) {
                status(sandbox, pod.get()).ifPresent(found::add);
            }
        }
        if (filter.podUid() == null) {
            addresses.keySet().retainAll(items.stream().map(PodSandbox::getId).toList());
        }
        return found;
    }

    public List<PodSandbox> items(Filter filter) {
        PodSandboxFilter selector =
                PodSandboxFilter.newBuilder().putAllLabelSelector(selector(filter)).build();
        return connection
                .runtime(
                        "list sandboxes",
                        stub ->
                                stub.listPodSandbox(
                                        ListPodSandboxRequest.newBuilder()
                                                .setFilter(selector)
                                                .build()))
                .getItemsList();
    }

    /** The label values that all of an owner's or a pod's have. */
    public static Map<String, String> selector(Filter filter) {
        Map<String, String> labels = new HashMap<>();
        labels.put(Labels.CLUSTER, filter.owner().cluster());
        labels.put(Labels.NODE, filter.owner().node());
        @Nullable String uid = filter.podUid();
        if (uid != null) {
            labels.put(Labels.POD_UID, uid);
        }
        return labels;
    }

    private Optional<SandboxStatus> status(PodSandbox sandbox, PodKey pod) {
        boolean ready = sandbox.getState() == PodSandboxState.SANDBOX_READY;
        List<String> ips = List.of();
        if (ready) {
            ips = addresses.getOrDefault(sandbox.getId(), List.of());
        }
        if (ready && ips.isEmpty()) {
            Optional<PodSandboxStatus> full = status(sandbox.getId());
            if (full.isEmpty()) {
                return Optional.empty();
            }
            ready = full.get().getState() == PodSandboxState.SANDBOX_READY;
            ips = ready ? ips(full.get()) : List.of();
            if (!ips.isEmpty()) {
                addresses.put(sandbox.getId(), ips);
            }
        }
        return Optional.of(
                new SandboxStatus(
                        sandbox.getId(),
                        pod,
                        Labels.attempt(sandbox.getLabelsMap()),
                        ready,
                        Times.instant(sandbox.getCreatedAt()),
                        ips,
                        sandbox.getLabelsMap()));
    }

    public Optional<PodSandboxStatus> status(String id) {
        try {
            return Optional.of(
                    connection
                            .runtime(
                                    "status of sandbox " + id,
                                    stub ->
                                            stub.podSandboxStatus(
                                                    PodSandboxStatusRequest.newBuilder()
                                                            .setPodSandboxId(id)
                                                            .build()))
                            .getStatus());
        } catch (BackendException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The image that a sandbox was made of. */
    public String image(String id) {
        PodSandboxStatusRequest request =
                PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).setVerbose(true).build();
        String info =
                connection
                        .runtime("status of sandbox " + id, stub -> stub.podSandboxStatus(request))
                        .getInfoOrDefault("info", "{}");
        String image = RuntimeFacts.parse(info).path("image").asText();
        return image.isEmpty() ? facts.get().sandboxImage() : image;
    }

    /** Primary first; none with the host's network. */
    public static List<String> ips(PodSandboxStatus status) {
        String primary = status.getNetwork().getIp();
        if (primary.isEmpty()) {
            return List.of();
        }
        List<String> ips = new ArrayList<>();
        ips.add(primary);
        status.getNetwork().getAdditionalIpsList().stream().map(PodIP::getIp).forEach(ips::add);
        return ips;
    }
}
