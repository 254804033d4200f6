package dev.burstlet.app.compose;

import dev.burstlet.app.config.Cluster;
import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.config.KubeletApi;
import dev.burstlet.app.config.Node;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.image.ImageRules;
import dev.burstlet.node.NodeSettings;
import dev.burstlet.serve.stream.StreamLimits;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code /configz} tells: the fields of a KubeletConfiguration that have a meaning here, with
 * the values that hold. Fields of what this kubelet has not are left out.
 */
final class KubeletConfiguration {
    private static final int EVENTS_PER_SECOND = 50;
    private static final int EVENTS_AT_ONCE = 100;

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private KubeletConfiguration() {
        fields.put("kind", "KubeletConfiguration");
        fields.put("apiVersion", "kubelet.config.k8s.io/v1beta1");
    }

    static Map<String, Object> of(
            Cluster cluster, KubeletApi api, Node node, PodEngineSettings engine) {
        KubeletConfiguration made = new KubeletConfiguration();
        made.server(api, node);
        made.node(cluster, node);
        made.timing(engine);
        return made.fields;
    }

    private void server(KubeletApi api, Node node) {
        HostPort listen = HostPort.parse("listen", node.listen());
        fields.put("enableServer", true);
        fields.put("address", listen.host());
        fields.put("port", listen.port());
        fields.put("readOnlyPort", 0);
        fields.put("tlsMinVersion", "VersionTLS12");
        fields.put("serverTLSBootstrap", api.serving() == KubeletApi.Serving.CSR);
        fields.put("enableDebuggingHandlers", true);
        fields.put("enableProfilingHandler", false);
        fields.put("enableSystemLogHandler", false);
        fields.put("enableDebugFlagsHandler", false);
        fields.put("streamingConnectionIdleTimeout", text(StreamLimits.DEFAULT.idle()));
        Map<String, Object> authentication = new LinkedHashMap<>();
        authentication.put(
                "x509", api.clientCa() == null ? Map.of() : Map.of("clientCAFile", api.clientCa()));
        authentication.put("webhook", Map.of("enabled", true, "cacheTTL", "2m0s"));
        authentication.put("anonymous", Map.of("enabled", false));
        fields.put("authentication", authentication);
        fields.put(
                "authorization",
                Map.of(
                        "mode",
                        "Webhook",
                        "webhook",
                        Map.of("cacheAuthorizedTTL", "5m0s", "cacheUnauthorizedTTL", "30s")));
    }

    private void node(Cluster cluster, Node node) {
        fields.put("registerNode", true);
        fields.put("providerID", "burstlet://" + node.name());
        fields.put("clusterDomain", cluster.dnsDomain());
        fields.put("clusterDNS", cluster.dnsServers());
        fields.put("maxPods", node.pods());
        fields.put("podPidsLimit", node.podPidsLimit());
        fields.put("failSwapOn", false);
        Map<String, String> reserved = new TreeMap<>();
        node.reserve().forEach((name, quantity) -> reserved.put(name, text(quantity)));
        fields.put("systemReserved", reserved);
        fields.put("featureGates", Map.of());
    }

    private void timing(PodEngineSettings engine) {
        NodeSettings.Timing timing = NodeSettings.Timing.DEFAULT;
        fields.put("nodeStatusUpdateFrequency", text(engine.hostEvery()));
        fields.put("nodeStatusReportFrequency", text(timing.status()));
        fields.put("nodeLeaseDurationSeconds", timing.lease().toSeconds());
        fields.put("syncFrequency", text(engine.lookEvery()));
        fields.put("serializeImagePulls", engine.maxParallelPulls() == 1);
        fields.put("maxParallelImagePulls", engine.maxParallelPulls());
        fields.put("eventRecordQPS", EVENTS_PER_SECOND);
        fields.put("eventBurst", EVENTS_AT_ONCE);
        ImageRules images = engine.images();
        fields.put("imageMinimumGCAge", text(images.minAge()));
        fields.put("imageGCHighThresholdPercent", images.highPercent());
        fields.put("imageGCLowThresholdPercent", images.lowPercent());
    }

    private static String text(Quantity quantity) {
        return quantity.toString();
    }

    /** As Go writes durations: 4h0m0s, 5m0s, 10s. */
    static String text(Duration duration) {
        long hours = duration.toHours();
        int minutes = duration.toMinutesPart();
        String seconds = duration.toSecondsPart() + "s";
        return hours > 0
                ? hours + "h" + minutes + "m" + seconds
                : minutes > 0 ? minutes + "m" + seconds : seconds;
    }
}
