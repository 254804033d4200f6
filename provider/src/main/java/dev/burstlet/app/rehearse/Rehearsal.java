package dev.burstlet.app.rehearse;

import dev.burstlet.app.compose.Burstlet;
import dev.burstlet.app.config.Configuration;
import dev.burstlet.app.config.ConfigurationReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Plays a node with one pod for a moment, so that the class cache holds what a start needs. */
public final class Rehearsal {
    private static final int PATIENCE_SECONDS = 15;
    private static final String POD =
            """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"rehearsal","namespace":"default","uid":"u1",
             "resourceVersion":"1","generation":1,"creationTimestamp":"2026-01-01T00:00:00Z","labels":{"a":"b"}},
             "spec":{"nodeName":"rehearsal","restartPolicy":"Always","terminationGracePeriodSeconds":1,
              "dnsPolicy":"ClusterFirst","enableServiceLinks":true,"serviceAccountName":"default",
              "containers":[{"name":"c","image":"busybox:1","imagePullPolicy":"IfNotPresent",
               "command":["sleep","1000"],"env":[{"name":"POD_IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}],
               "resources":{"requests":{"cpu":"10m"}},"terminationMessagePath":"/dev/termination-log",
               "volumeMounts":[{"name":"e","mountPath":"/e"},{"name":"t","mountPath":"/t","readOnly":true}],
               "readinessProbe":{"exec":{"command":["true"]},"periodSeconds":1}}],
              "volumes":[{"name":"e","emptyDir":{}},{"name":"t","projected":{"defaultMode":420,
               "sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3607}},
                {"downwardAPI":{"items":[{"path":"n","fieldRef":{"fieldPath":"metadata.namespace"}}]}}]}}]},
             "status":{"phase":"Pending","qosClass":"Burstable"}}
            """
                    .replace("\n", "");

    private Rehearsal() {}

    /**
     * Returns when the pod ran.
     *
     * @throws IllegalStateException where it did not
     */
    public static void play() throws InterruptedException {
        try (PlayApiServer api = new PlayApiServer(POD)) {
            Path kubeconfig = Files.createTempFile("rehearsal", ".kubeconfig");
            Files.writeString(kubeconfig, kubeconfig(api.url()), StandardCharsets.UTF_8);
            try (Burstlet burstlet = Burstlet.start(configuration(kubeconfig))) {
                if (!api.awaitRunning(PATIENCE_SECONDS)) {
                    throw new IllegalStateException(
                            "the pod of the rehearsal did not run on " + burstlet.nodeNames());
                }
            } finally {
                Files.delete(kubeconfig);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Configuration configuration(Path kubeconfig) {
        return ConfigurationReader.parse(
                ConfigurationReader.write(
                        Map.of(
                                "cluster", Map.of("kubeconfig", kubeconfig.toString()),
                                "kubelet", Map.of("serving", "self-signed"),
                                "nodes",
                                        List.of(
                                                Map.of(
                                                        "name",
                                                        "rehearsal",
                                                        "memory",
                                                        Map.of(),
                                                        "listen",
                                                        "127.0.0.1:0",
                                                        "address",
                                                        "127.0.0.1")))));
    }

    private static String kubeconfig(String server) {
        return ConfigurationReader.write(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "current-context",
                        "play",
                        "clusters",
                        List.of(
                                Map.of(
                                        "name",
                                        "play",
                                        "cluster",
                                        Map.of(
                                                "server",
                                                server,
                                                "insecure-skip-tls-verify",
                                                true))),
                        "users",
                        List.of(Map.of("name", "play", "user", Map.of("token", "play"))),
                        "contexts",
                        List.of(
                                Map.of(
                                        "name",
                                        "play",
                                        "context",
                                        Map.of("cluster", "play", "user", "play")))));
    }
}
