package dev.burstlet.hyper.wire;

import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Bundles as messages. */
public final class Bundles {
    private Bundles() {}

    public static V1.PodKey key(PodKey key) {
        return V1.PodKey.newBuilder()
                .setNamespace(key.namespace())
                .setName(key.name())
                .setUid(key.uid())
                .build();
    }

    /**
     * Reads a key.
     *
     * @throws IllegalArgumentException for one without a UID
     */
    public static PodKey key(V1.PodKey key) {
        if (key.getUid().isEmpty()) {
            throw new IllegalArgumentException("key.uid: needed");
        }
        return new PodKey(key.getNamespace(), key.getName(), key.getUid());
    }

    public static V1.PodBundle bundle(PodBundle bundle) {
        V1.PodBundle.Builder made =
                V1.PodBundle.newBuilder()
                        .setRevision(bundle.revision())
                        .setPod(Json.write(bundle.pod()))
                        .putAllConfigMaps(references(bundle.configMaps()))
                        .putAllSecrets(references(bundle.secrets()))
                        .putAllClaims(references(bundle.claims()))
                        .putAllVolumes(references(bundle.volumes()))
                        .setNode(node(bundle.node()));
        bundle.pullSecrets()
                .forEach((name, secret) ->
                        made.addPullSecrets(
                                V1.NamedReference.newBuilder()
                                        .setName(name)
                                        .setReference(reference(secret))));
        bundle.tokens().forEach((spec, token) -> made.addTokens(token(spec, token)));
        bundle.services().forEach(service -> made.addServices(Json.write(service)));
        if (bundle.runtimeHandler() != null) {
            made.setRuntimeHandler(bundle.runtimeHandler());
        }
        return made.build();
    }

    /**
     * Reads a bundle.
     *
     * @throws IllegalArgumentException for what is none, naming the field
     */
    public static PodBundle bundle(V1.PodBundle bundle) {
        Map<String, Reference<Secret>> pullSecrets = new LinkedHashMap<>();
        bundle.getPullSecretsList()
                .forEach(named ->
                        pullSecrets.put(
                                named.getName(), object(named.getReference(), Secret.class)));
        Map<TokenSpec, Reference<String>> tokens = new HashMap<>();
        bundle.getTokensList()
                .forEach(token ->
                        tokens.put(
                                new TokenSpec(
                                        List.copyOf(token.getAudiencesList()),
                                        token.getExpirationSeconds()),
                                text(token.getToken())));
        return new PodBundle(
                bundle.getRevision(),
                Json.read(bundle.getPod(), Pod.class),
                objects(bundle.getConfigMapsMap(), ConfigMap.class),
                objects(bundle.getSecretsMap(), Secret.class),
                pullSecrets,
                tokens,
                bundle.getServicesList().stream()
                        .map(service -> Json.read(service, Service.class))
                        .toList(),
                objects(bundle.getClaimsMap(), PersistentVolumeClaim.class),
                objects(bundle.getVolumesMap(), PersistentVolume.class),
                node(bundle.getNode()),
                bundle.hasRuntimeHandler() ? bundle.getRuntimeHandler() : null);
    }

    private static V1.TokenReference token(TokenSpec spec, Reference<String> token) {
        return V1.TokenReference.newBuilder()
                .addAllAudiences(spec.audiences())
                .setExpirationSeconds(spec.expirationSeconds())
                .setToken(reference(token, com.google.protobuf.ByteString::copyFromUtf8))
                .build();
    }

    private static Reference<String> text(V1.ObjectReference token) {
        return answer(token, com.google.protobuf.ByteString::toStringUtf8);
    }

    private static <T> Map<String, V1.ObjectReference> references(Map<String, Reference<T>> all) {
        Map<String, V1.ObjectReference> made = new HashMap<>();
        all.forEach((name, one) -> made.put(name, reference(one)));
        return made;
    }

    private static <T> V1.ObjectReference reference(Reference<T> reference) {
        return reference(reference, Json::write);
    }

    private static <T> V1.ObjectReference reference(
            Reference<T> reference, Function<T, com.google.protobuf.ByteString> written) {
        V1.ObjectReference.Builder made = V1.ObjectReference.newBuilder();
        switch (reference) {
            case Reference.Present<T>(T value) -> made.setObject(written.apply(value));
            case Reference.Missing<T>() -> made.setMissing(V1.Missing.getDefaultInstance());
            case Reference.Unreadable<T>(String message) -> made.setUnreadable(message);
        }
        return made.build();
    }

    private static <T> Map<String, Reference<T>> objects(
            Map<String, V1.ObjectReference> all, Class<T> type) {
        Map<String, Reference<T>> made = new HashMap<>();
        all.forEach((name, one) -> made.put(name, object(one, type)));
        return made;
    }

    private static <T> Reference<T> object(V1.ObjectReference reference, Class<T> type) {
        return answer(reference, json -> Json.read(json, type));
    }

    private static <T> Reference<T> answer(
            V1.ObjectReference reference, Function<com.google.protobuf.ByteString, T> read) {
        return switch (reference.getAnswerCase()) {
            case OBJECT -> new Reference.Present<>(read.apply(reference.getObject()));
            case MISSING -> new Reference.Missing<>();
            case UNREADABLE -> new Reference.Unreadable<>(reference.getUnreadable());
            case ANSWER_NOT_SET ->
                    new Reference.Unreadable<>("the control side sent no answer for it");
        };
    }

    private static V1.NodeContext node(NodeContext node) {
        V1.NodeContext.Builder made =
                V1.NodeContext.newBuilder()
                        .setName(node.name())
                        .addAllHostIps(node.hostIps())
                        .addAllDnsServers(node.dns().servers())
                        .setDnsDomain(node.dns().domain());
        node.allocatable()
                .forEach((name, quantity) -> made.putAllocatable(name, quantity.toString()));
        return made.build();
    }

    private static NodeContext node(V1.NodeContext node) {
        return new NodeContext(
                node.getName(),
                node.getHostIpsList(),
                quantities(node.getAllocatableMap()),
                new NodeContext.ClusterDns(node.getDnsServersList(), node.getDnsDomain()));
    }

    static Map<String, Quantity> quantities(Map<String, String> texts) {
        Map<String, Quantity> made = new HashMap<>();
        texts.forEach((name, text) -> made.put(name, Quantity.parse(text)));
        return made;
    }
}
