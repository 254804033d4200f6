package dev.burstlet.engine.desired;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Owner;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import dev.burstlet.pod.Yaml;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bundles, engines and contexts for tests: a pod is its spec in YAML. */
final class Bundles {
    static final Owner OWNER = new Owner("cluster-uid", "node-1");
    static final long GI = 1L << 30;

    private final Pod pod = new Pod();
    private final Map<String, Reference<ConfigMap>> configMaps = new HashMap<>();
    private final Map<String, Reference<Secret>> secrets = new HashMap<>();
    private final Map<TokenSpec, Reference<String>> tokens = new HashMap<>();
    private final List<Service> services = new ArrayList<>();
    private final Map<String, Reference<PersistentVolumeClaim>> claims = new HashMap<>();
    private final Map<String, Reference<PersistentVolume>> volumes = new HashMap<>();
    private List<String> dnsServers = List.of("10.96.0.10");
    private @Nullable String runtimeHandler;

    private Bundles(String spec) {
        pod.setMetadata(
                new ObjectMetaBuilder()
                        .withName("web")
                        .withNamespace("shop")
                        .withUid("uid-1")
                        .addToLabels("app", "web")
                        .addToLabels("tier", "front end")
                        .addToAnnotations("note", "say \"hi\"\nthere")
                        .build());
        pod.setSpec(Yaml.read(spec, PodSpec.class));
    }

    static Bundles pod(String spec) {
        return new Bundles(spec);
    }

    /** A pod of one container with these fields. */
    static Bundles container(String fields) {
        return new Bundles("containers: [{name: main, image: app, " + fields + "}]");
    }

    Bundles configMap(String name, Map<String, String> data) {
        configMaps.put(
                name,
                new Reference.Present<>(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .withData(data)
                                .build()));
        return this;
    }

    Bundles configMap(String name, Reference<ConfigMap> reference) {
        configMaps.put(name, reference);
        return this;
    }

    Bundles secret(String name, Map<String, String> plain) {
        Map<String, String> data = new HashMap<>();
        plain.forEach((key, value) ->
                data.put(
                        key,
                        Base64.getEncoder()
                                .encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        secrets.put(name, new Reference.Present<>(new SecretBuilder().withData(data).build()));
        return this;
    }

    Bundles token(String audience, long seconds, Reference<String> token) {
        tokens.put(
                new TokenSpec(audience.isEmpty() ? List.of() : List.of(audience), seconds), token);
        return this;
    }

    Bundles service(String yaml) {
        services.add(Yaml.read(yaml, Service.class));
        return this;
    }

    Bundles claim(String name, String claim, @Nullable String volume) {
        claims.put(name, new Reference.Present<>(Yaml.read(claim, PersistentVolumeClaim.class)));
        volumes.put(
                name,
                volume == null
                        ? new Reference.Missing<>()
                        : new Reference.Present<>(Yaml.read(volume, PersistentVolume.class)));
        return this;
    }

    Bundles annotation(String key, String value) {
        pod.getMetadata().getAnnotations().put(key, value);
        return this;
    }

    Bundles named(String name) {
        pod.getMetadata().setName(name);
        return this;
    }

    Bundles dnsServers(String... servers) {
        dnsServers = List.of(servers);
        return this;
    }

    Bundles runtimeHandler(String handler) {
        runtimeHandler = handler;
        return this;
    }

    PodBundle build() {
        return new PodBundle(
                1,
                pod,
                configMaps,
                secrets,
                Map.of(),
                tokens,
                services,
                claims,
                volumes,
                node(),
                runtimeHandler);
    }

    private NodeContext node() {
        return new NodeContext(
                "node-1",
                List.of("192.0.2.1", "2001:db8::1"),
                Map.of(
                        "cpu",
                        new Quantity("3900m"),
                        "memory",
                        new Quantity("7Gi"),
                        "ephemeral-storage",
                        new Quantity("100Gi"),
                        "hugepages-2Mi",
                        new Quantity("1Gi")),
                new NodeContext.ClusterDns(dnsServers, "cluster.local"));
    }

    /** A host of 4 CPUs and 8 GiB that can do everything. */
    static EngineInfo engine() {
        return engine(EnumSet.allOf(EngineInfo.Feature.class));
    }

    /** The same that can do only this. */
    static EngineInfo engine(Set<EngineInfo.Feature> features) {
        return new EngineInfo(
                "test",
                new HostDescription.SystemInfo("linux", "amd64", "", "", "", "", "", ""),
                4000,
                8 * GI,
                0,
                0,
                "",
                List.of(
                        new HostDescription.RuntimeHandler("", true, true),
                        new HostDescription.RuntimeHandler("kata", false, false)),
                features);
    }

    static PodTranslator translator() {
        return new PodTranslator(OWNER, engine(), TranslationSettings.DEFAULT);
    }

    static ImageInfo image(String user) {
        return new ImageInfo(
                "sha256:1", List.of("app"), List.of(), 1, user, "linux", "amd64", false);
    }

    static ContainerContext context(PodBundle bundle, String container, String... ips) {
        return new ContainerContext(
                container,
                ContainerKind.APP,
                2,
                "sandbox-1",
                sandbox(bundle),
                List.of(ips),
                image(""),
                EnvFiles.NONE,
                null);
    }

    private static SandboxSpec sandbox(PodBundle bundle) {
        return new SandboxSpec(
                OWNER,
                bundle.key(),
                0,
                "web",
                SandboxSpec.Dns.HOST,
                List.of(),
                SandboxSpec.Namespaces.POD,
                Map.of(),
                SecuritySpec.DEFAULT,
                dev.burstlet.container.Resources.NONE,
                dev.burstlet.container.Resources.NONE,
                List.of(),
                "",
                "",
                Map.of(),
                Map.of());
    }
}
