package dev.burstlet.engine.execute;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Publication;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.engine.desired.ConfigException;
import dev.burstlet.engine.desired.ContainerContext;
import dev.burstlet.engine.desired.EnvFiles;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.image.ImageSupply;
import dev.burstlet.engine.plan.Action;
import dev.burstlet.engine.plan.InstanceMemory.PostStart;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodBundle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps from a container's spec to its running process. */
final class StartWork {
    private static final Logger LOG = LoggerFactory.getLogger(StartWork.class);

    private final ContainerEngine engine;
    private final Supplier<PodTranslator> translator;
    private final ImageSupply images;
    private final ImageVolumes volumes;

    StartWork(
            ContainerEngine engine,
            Supplier<PodTranslator> translator,
            ImageSupply images,
            ImageVolumes volumes) {
        this.volumes = volumes;
        this.engine = engine;
        this.translator = translator;
        this.images = images;
    }

    UnaryOperator<PodMemory> fetch(Action.FetchImage action, Job job) throws InterruptedException {
        Member member = job.member(action.name());
        try {
            ImageInfo image = image(member, job);
            return memory -> memory.container(action.name(), c -> c.fetched(image));
        } catch (StepFailure e) {
            return memory -> memory.container(action.name(), c -> c.setBack(e.setback()));
        }
    }

    UnaryOperator<PodMemory> start(Action.StartContainer action, Job job)
            throws InterruptedException {
        Member member = job.member(action.name());
        try {
            @Nullable ContainerStatus created = action.created();
            Resources limits = limits(member, job);
            String id = created == null ? create(action, member, job) : created.id();
            run(id, member, job);
            PostStart hook = member.postStart() == null ? PostStart.DONE : PostStart.PENDING;
            return memory ->
                    memory.container(
                                    member.name(), c -> c.setBack(null).attempted(action.attempt()))
                            .instance(id, i -> i.resized(limits).postStart(hook));
        } catch (StepFailure e) {
            return memory -> memory.container(member.name(), c -> c.setBack(e.setback()));
        }
    }

    private Resources limits(Member member, Job job) throws StepFailure {
        PodBundle bundle = job.bundle();
        try {
            return translator.get().resources(bundle, member.name());
        } catch (RuntimeException e) {
            throw failure(member, job, "CreateContainerError", e);
        }
    }

    private String create(Action.StartContainer action, Member member, Job job)
            throws StepFailure, InterruptedException {
        @Nullable ImageInfo fetched = job.memory().container(member.name()).image();
        ImageInfo image = fetched != null ? fetched : image(member, job);
        String id = create(action, member, image, imageVolumes(member, job), job);
        job.normal(member.fieldPath(), "Created", "Container created");
        return id;
    }

    private ImageInfo image(Member member, Job job) throws StepFailure, InterruptedException {
        try {
            ImageSupply.Outcome outcome =
                    images.ensure(
                            job.bundle(),
                            member.spec(),
                            (type, reason, message) ->
                                    job.tell(type, member.fieldPath(), reason, message));
            return present(outcome, job);
        } catch (BackendException e) {
            throw failure(member, job, "ImageInspectError", e);
        }
    }

    private static ImageInfo present(ImageSupply.Outcome outcome, Job job) throws StepFailure {
        return switch (outcome) {
            case ImageSupply.Outcome.Present present -> present.image();
            case ImageSupply.Outcome.Waiting waiting -> {
                long revision = job.situation().revision();
                throw new StepFailure(
                        new Setback(
                                waiting.reason(),
                                waiting.message(),
                                1,
                                waiting.retryAt(),
                                revision));
            }
        };
    }

    /** Those that the container mounts, which it waits for. */
    private Map<String, ImageInfo> imageVolumes(Member member, Job job)
            throws StepFailure, InterruptedException {
        Map<String, ImageInfo> images = new HashMap<>();
        try {
            for (ImageVolumes.Fetched fetched : volumes.fetch(member.spec(), job)) {
                images.put(fetched.volume(), present(fetched.outcome(), job));
            }
            return images;
        } catch (BackendException e) {
            throw failure(member, job, "ImageInspectError", e);
        }
    }

    private String create(
            Action.StartContainer action,
            Member member,
            ImageInfo image,
            Map<String, ImageInfo> imageVolumes,
            Job job)
            throws StepFailure {
        PodBundle bundle = job.bundle();
        try {
            PodTranslator pods = translator.get();
            SandboxSpec sandbox =
                    pods.sandbox(bundle, sandboxAttempt(job), pods.volumes(bundle, imageVolumes));
            limitTogether(action.sandboxId(), sandbox, job);
            ContainerContext context =
                    new ContainerContext(
                            member.name(),
                            member.kind(),
                            action.attempt(),
                            action.sandboxId(),
                            sandbox,
                            job.podIps(),
                            image,
                            envFiles(action.sandboxId(), member, job),
                            target(member, job));
            ContainerSpec spec = pods.container(bundle, context);
            if (!isLogThere(action, job.memory())) {
                engine.publish(action.sandboxId(), job.key(), anew(pods, bundle, action, job));
            }
            return engine.createContainer(spec);
        } catch (ConfigException e) {
            throw failure(member, job, e.reason(), e);
        } catch (BackendException e) {
            throw e.reason() == BackendException.Reason.SUB_PATH
                    ? failure(member, job, ConfigException.CONTAINER, subPath(member, e))
                    : failure(member, job, "CreateContainerError", e);
        } catch (RuntimeException e) {
            throw failure(member, job, "CreateContainerError", e);
        }
    }

    /**
     * What the pod may have grows before a container of it is made. It shrinks if it can: what is
     * in its way is another container, which its own change makes smaller.
     */
    private void limitTogether(String id, SandboxSpec pod, Job job) {
        engine.updateSandboxResources(id, job.key(), pod.resources(), pod.overhead(), true);
        try {
            engine.updateSandboxResources(id, job.key(), pod.resources(), pod.overhead(), false);
        } catch (BackendException e) {
            LOG.info("pod {} keeps larger limits for now: {}", job.key(), e.getMessage());
        }
    }

    /**
     * What a container finds anew: a file for its last words, and the hosts file as it was made.
     */
    private List<Publication> anew(
            PodTranslator pods, PodBundle bundle, Action.StartContainer action, Job job) {
        List<Publication> files = new ArrayList<>();
        files.add(pods.terminationLog(action.name(), action.attempt()));
        if (action.attempt() > 0) {
            String host =
                    PodTranslator.extendsHosts(bundle) ? engine.hostsFile(action.sandboxId()) : "";
            pods.hostsFile(bundle, job.podIps(), host).ifPresent(files::add);
        }
        return files;
    }

    /** Only what the pod itself wrote is read: a path of the host is not the pod's to publish. */
    private EnvFiles envFiles(String sandboxId, Member member, Job job) {
        return EnvFiles.read(
                member.spec(),
                file -> {
                    boolean written =
                            job.situation().spec().getVolumes().stream()
                                    .anyMatch(volume ->
                                            volume.getName().equals(file.volume())
                                                    && volume.getEmptyDir() != null);
                    if (!written) {
                        throw new ConfigException(
                                ConfigException.CONTAINER,
                                "fileKeyRef: volume %s is not an emptyDir"
                                        .formatted(file.volume()));
                    }
                    return engine.readFile(
                                    sandboxId,
                                    job.key(),
                                    file.volume(),
                                    file.path(),
                                    EnvFiles.LIMIT_BYTES + 1)
                            .orElse(null);
                });
    }

    private static boolean isLogThere(Action.StartContainer action, PodMemory memory) {
        PodMemory.@Nullable Published published = memory.published();
        String path = PodTranslator.terminationLogPath(action.name(), action.attempt());
        return published != null
                && published.sandboxId().equals(action.sandboxId())
                && published.hashes().containsKey(path);
    }

    /** In the kubelet's words, which keep to themselves what is on the host. */
    private static ConfigException subPath(Member member, BackendException error) {
        LOG.info(
                "subPath of {} for container {}: {}",
                error.getMessage(),
                member.name(),
                String.valueOf(error.getCause()));
        return new ConfigException(
                ConfigException.CONTAINER,
                "failed to prepare subPath for volumeMount \"%s\" of container \"%s\""
                        .formatted(error.getMessage(), member.name()));
    }

    private void run(String id, Member member, Job job) throws StepFailure {
        try {
            engine.startContainer(id);
        } catch (RuntimeException e) {
            throw failure(member, job, "RunContainerError", e);
        }
        job.normal(member.fieldPath(), "Started", "Container started");
    }

    private static StepFailure failure(Member member, Job job, String reason, RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        if (!Thread.currentThread().isInterrupted()) {
            job.warning(member.fieldPath(), "Failed", "Error: " + message);
        }
        @Nullable Setback earlier = job.memory().container(member.name()).setback();
        return new StepFailure(job.setback(earlier, reason, message));
    }

    private static int sandboxAttempt(Job job) {
        return job.situation().observed().sandbox().map(s -> s.attempt()).orElse(0);
    }

    private static @Nullable String target(Member member, Job job) {
        @Nullable String target = member.target();
        return target == null || target.isEmpty()
                ? null
                : job.situation()
                        .observed()
                        .current(target)
                        .filter(ContainerStatus::running)
                        .map(ContainerStatus::id)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "unable to find target container " + target));
    }

    /** A step that did not work, as it is to be remembered. */
    private static final class StepFailure extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Setback setback;

        StepFailure(Setback setback) {
            super(setback.message(), null, false, false);
            this.setback = setback;
        }

        Setback setback() {
            return setback;
        }
    }
}
