package dev.burstlet.engine.desired;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerSpec.EnvVar;
import dev.burstlet.container.Content;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pure translation of a pod's bundle into what a container engine is asked for. Immutable; the
 * same bundle always gives the same answer.
 */
public final class PodTranslator {
    /** The volume of every pod that holds what the kubelet adds: hosts file, termination logs. */
    public static final String SYSTEM_VOLUME = VolumeSpec.SYSTEM;

    /** The hosts file in {@link #SYSTEM_VOLUME}. */
    public static final String HOSTS_PATH = "etc-hosts";

    private static final String RESOURCE_ANNOTATION = "dev.burstlet.resource.";
    private static final int HOSTS_MODE = 0644;
    private static final int TERMINATION_LOG_MODE = 0666;

    private final Owner owner;
    private final EngineInfo info;
    private final TranslationSettings settings;
    private final Supplier<Dns> hostDns;
    private final Volumes volumes;
    private final Mounts mounts;
    private final Security security;
    private final Sandboxes sandboxes;

    /** For an engine whose host's resolver settings nobody knows. */
    public PodTranslator(Owner owner, EngineInfo info, TranslationSettings settings) {
        this(owner, info, settings, () -> Dns.HOST);
    }

    /**
     * @param hostDns the resolver settings of the engine's host; it may have to ask
     */
    public PodTranslator(
            Owner owner, EngineInfo info, TranslationSettings settings, Supplier<Dns> hostDns) {
        this.hostDns = hostDns;
        this.owner = owner;
        this.info = info;
        this.settings = settings;
        this.volumes = new Volumes(info, settings);
        this.mounts = new Mounts(info);
        this.security = new Security(info, settings);
        this.sandboxes = new Sandboxes(owner, info, settings, hostDns);
    }

    /**
     * A pod's volumes, {@link #SYSTEM_VOLUME} first.
     *
     * @throws VolumeNotReadyException for what is not supported or not bound yet
     */
    public List<VolumeSpec> volumes(PodBundle bundle) {
        return volumes(bundle, Map.of());
    }

    /**
     * The same for a pod with image volumes.
     *
     * @param images the pulled images of image volumes, by volume name
     */
    public List<VolumeSpec> volumes(PodBundle bundle, Map<String, ImageInfo> images) {
        return volumes.of(bundle, images);
    }

    /**
     * Those of a pod's volumes whose use a kubelet tells: no path of the host that is no local
     * disk, no image, nothing of the system's own.
     *
     * @throws VolumeNotReadyException as {@link #volumes(PodBundle)}
     */
    public List<VolumeSpec> measuredVolumes(PodBundle bundle) {
        return volumes.measured(bundle);
    }

    /**
     * A pod's sandbox.
     *
     * @param attempt 0 for the first, then rising
     * @throws ConfigException with reason {@link ConfigException#SANDBOX}
     * @throws VolumeNotReadyException as {@link #volumes(PodBundle)}
     */
    public SandboxSpec sandbox(PodBundle bundle, int attempt) {
        Sandboxes.check(bundle.pod());
        return sandboxes.of(bundle, attempt, volumes(bundle));
    }

    /** The same of a sandbox that is there already, with volumes that are known. */
    public SandboxSpec sandbox(PodBundle bundle, int attempt, List<VolumeSpec> volumes) {
        return sandboxes.of(bundle, attempt, volumes);
    }

    /**
     * What of the spec is done otherwise than asked, for events.
     *
     * @throws ConfigException for a dnsPolicy that there is not
     */
    public List<Warning> warnings(PodBundle bundle) {
        return PodDns.of(bundle, hostDns).warnings();
    }

    /**
     * A container.
     *
     * @throws ConfigException with reason {@link ConfigException#CONTAINER} in the kubelet's words
     */
    public ContainerSpec container(PodBundle bundle, ContainerContext context) {
        PodSpecs.Member member =
                PodSpecs.find(bundle.pod().getSpec(), context.name())
                        .orElseThrow(() ->
                                ConfigException.container(
                                        "container %s not found".formatted(context.name())));
        Container container = member.spec();
        String resource = Limits.unsupported(container);
        if (resource != null) {
            throw ConfigException.container(
                    "resources: this host has no %s to give".formatted(resource));
        }
        Map<String, String> environment =
                Environment.of(bundle, container, context.podIps(), context.envFiles(), settings);
        return new ContainerSpec(
                owner,
                bundle.key(),
                container.getName(),
                member.kind(),
                context.attempt(),
                context.sandboxId(),
                context.sandbox(),
                container.getImage(),
                context.image().id(),
                expanded(container.getCommand(), environment),
                expanded(container.getArgs(), environment),
                variables(environment),
                container.getWorkingDir() == null ? "" : container.getWorkingDir(),
                mounts.of(bundle, container, environment, context),
                Limits.container(bundle.pod(), member, info.memoryBytes(), settings.podPidsLimit()),
                security.container(bundle.pod(), container, context.image()),
                Boolean.TRUE.equals(container.getStdin()),
                Boolean.TRUE.equals(container.getStdinOnce()),
                Boolean.TRUE.equals(container.getTty()),
                stopSignal(container),
                context.targetContainerId(),
                labels(bundle, member, context.attempt()),
                extendedResources(container));
    }

    /** The limits of a container, as they are asked for now. */
    public Resources resources(PodBundle bundle, String container) {
        return PodSpecs.find(bundle.pod().getSpec(), container)
                .map(member ->
                        Limits.container(
                                bundle.pod(), member, info.memoryBytes(), settings.podPidsLimit()))
                .orElse(Resources.NONE);
    }

    /**
     * The contents of a pod's volumes and of the system's own.
     *
     * @param podIps the pod's addresses; without any the hosts file is left out
     * @throws VolumeNotReadyException for the first volume that lacks something mandatory
     */
    public List<Publication> publications(PodBundle bundle, List<String> podIps) {
        return publications(bundle, podIps, "", bundle.pod().getSpec().getVolumes());
    }

    /** Whether a pod's hosts file begins with the host's. */
    public static boolean extendsHosts(PodBundle bundle) {
        return HostsFile.extendsHosts(bundle.pod());
    }

    /**
     * The same of a sandbox that was given its volumes before: those with a token that the bundle
     * leaves to be kept stay as they are.
     *
     * @param hostsFile the host's own, for a pod whose hosts file begins with it; empty where it is
     *     not known
     * @throws VolumeNotReadyException for the first volume that lacks something mandatory
     */
    public List<Publication> updates(PodBundle bundle, List<String> podIps, String hostsFile) {
        List<Volume> volumes =
                bundle.pod().getSpec().getVolumes().stream()
                        .filter(volume -> !Contents.awaitsToken(bundle, volume))
                        .toList();
        return publications(bundle, podIps, hostsFile, volumes);
    }

    private List<Publication> publications(
            PodBundle bundle, List<String> podIps, String hostsFile, List<Volume> volumes) {
        List<Publication> publications = new ArrayList<>();
        hostsFile(bundle, podIps, hostsFile).ifPresent(publications::add);
        for (Volume volume : volumes) {
            if (Contents.published(volume)) {
                publications.add(Contents.of(bundle, volume));
            }
        }
        return List.copyOf(publications);
    }

    /**
     * The hosts file alone, as a container finds it that starts again; empty where it is not ours.
     *
     * @param hostsFile as for {@link #updates}
     */
    public Optional<Publication> hostsFile(
            PodBundle bundle, List<String> podIps, String hostsFile) {
        List<String> ips = PodFields.of(bundle, podIps).podIps();
        return HostsFile.managed(bundle.pod()) && !ips.isEmpty()
                ? Optional.of(hosts(bundle, ips, hostsFile))
                : Optional.empty();
    }

    /** The persistent volumes that only one pod may use, by the pod's own names for them. */
    public static Map<String, String> volumesOfOnePod(PodBundle bundle) {
        return Claims.ofOnePod(bundle);
    }

    /** The empty file that one attempt of a container writes its last words into. */
    public Publication terminationLog(String container, int attempt) {
        return systemFile(
                terminationLogPath(container, attempt), TERMINATION_LOG_MODE, Content.EMPTY);
    }

    /** The path of that file in {@link #SYSTEM_VOLUME}. */
    public static String terminationLogPath(String container, int attempt) {
        return "termination-log/" + container + "/" + attempt;
    }

    /** What makes a container another one when it changes: its name and its image. */
    public static String hash(Container container) {
        return PodSpecs.hash(container);
    }

    private Publication hosts(PodBundle bundle, List<String> ips, String host) {
        String content =
                HostsFile.extendsHosts(bundle.pod())
                        ? HostsFile.ofHost(bundle.pod(), host, bundle.node().name(), ips)
                        : HostsFile.content(bundle.pod(), Sandboxes.hostname(bundle), ips);
        return systemFile(HOSTS_PATH, HOSTS_MODE, Content.utf8(content));
    }

    private static Publication systemFile(String path, int mode, Content content) {
        return new Publication(
                SYSTEM_VOLUME, List.of(new Publication.File(path, mode, 0, 0, content)), false);
    }

    private static List<String> expanded(List<String> words, Map<String, String> environment) {
        return words.stream().map(word -> Expansion.expand(word, environment::get)).toList();
    }

    private static List<EnvVar> variables(Map<String, String> environment) {
        return Environment.list(environment);
    }

    private static String stopSignal(Container container) {
        return container.getLifecycle() == null || container.getLifecycle().getStopSignal() == null
                ? ""
                : container.getLifecycle().getStopSignal();
    }

    private Map<String, String> labels(PodBundle bundle, PodSpecs.Member member, int attempt) {
        Container container = member.spec();
        Map<String, String> labels =
                new LinkedHashMap<>(
                        Labels.container(
                                owner,
                                bundle.key(),
                                container.getName(),
                                member.kind(),
                                attempt,
                                hash(container)));
        labels.put(
                Labels.GRACE_PERIOD,
                Long.toString(PodSpecs.gracePeriodSeconds(bundle.pod().getSpec())));
        labels.put(Labels.TERMINATION_MESSAGE_PATH, PodSpecs.terminationMessagePath(container));
        labels.put(Labels.TERMINATION_MESSAGE_POLICY, PodSpecs.terminationMessagePolicy(container));
        OrphanLabel.of(container).ifPresent(json -> labels.put(Labels.ORPHAN, json));
        return labels;
    }

    private Map<String, String> extendedResources(Container container) {
        Map<String, String> amounts = new LinkedHashMap<>();
        PodResources.requests(container)
                .forEach((name, quantity) -> {
                    if (settings.extendedResources().contains(name)
                            && Quantities.positive(quantity)) {
                        amounts.put(
                                RESOURCE_ANNOTATION + name,
                                Long.toString(Quantities.whole(quantity)));
                    }
                });
        return amounts;
    }
}
