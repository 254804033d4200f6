package dev.burstlet.deploy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.ApiCalls;
import dev.burstlet.cluster.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What the API server takes at the most when nobody plays the node: {@code BareCalls KUBECONFIG
 * NODE PODS LABEL}. For each pod the calls that no node can do without: its creation, the token
 * that admission promised it, one status that says Running. Prints one row of the table.
 */
public final class BareCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 32;

    private final ApiCalls api;
    private final String node;
    private final String prefix = "bare-" + Long.toString(System.nanoTime(), 36) + "-";
    private final List<Double> latencies = Collections.synchronizedList(new ArrayList<>());

    private BareCalls(ApiCalls api, String node) {
        this.api = api;
        this.node = node;
    }

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 4) {
            throw new IllegalArgumentException(
                    "KUBECONFIG NODE PODS LABEL, not " + Arrays.asList(args));
        }
        Config config = Config.fromKubeconfig(Path.of(args[0]).toFile());
        int pods = Integer.parseInt(args[2]);
        try (KubernetesClient client = Cluster.connect(config);
                Cluster cluster = new Cluster(client, InstantSource.system())) {
            BareCalls calls = new BareCalls(cluster.api(), args[1]);
            long start = System.nanoTime();
            List<Pod> made = calls.start(pods);
            double up = pods / seconds(start);
            start = System.nanoTime();
            calls.end(made);
            double down = pods / seconds(start);
            System.out.println(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %.1f | %.2f | %.2f | %.1f | | | |",
                            args[3],
                            pods,
                            up,
                            calls.percentile(50),
                            calls.percentile(99),
                            down));
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private double percentile(int percent) {
        List<Double> sorted = new ArrayList<>(latencies);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** A call that fails ends the measurement: what was not made must not be counted. */
    private static <T> List<T> all(List<? extends Callable<T>> calls) throws InterruptedException {
        try (ExecutorService room = Executors.newFixedThreadPool(AT_ONCE)) {
            List<T> answers = new ArrayList<>();
            for (Future<T> call : room.invokeAll(calls)) {
                answers.add(call.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed", e);
        }
    }

    private List<Pod> start(int pods) throws InterruptedException {
        return all(
                IntStream.range(0, pods)
                        .mapToObj(i -> (Callable<Pod>) () -> timed(prefix + i))
                        .toList());
    }

    private Pod timed(String name) throws IOException {
        long begun = System.nanoTime();
        Pod made = start(name);
        latencies.add(seconds(begun));
        return made;
    }

    private Pod start(String name) throws IOException {
        String pods = "/api/v1/namespaces/default/pods";
        Pod pod = api.post(pods, JSON.readTree(spec(name)), Pod.class);
        String uid = pod.getMetadata().getUid();
        api.post(
                "/api/v1/namespaces/default/serviceaccounts/default/token",
                JSON.readTree(
                        """
                        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {
                        "audiences": null, "expirationSeconds": 3607, "boundObjectRef":
                        {"apiVersion": "v1", "kind": "Pod", "name": "%s", "uid": "%s"}}}\
                        """
                                .formatted(name, uid)));
        api.patchVersion(pods + "/" + name + "/status", status());
        return pod;
    }

    private void end(List<Pod> pods) throws InterruptedException {
        var _ =
                all(
                        pods.stream()
                                .map(pod ->
                                        (Callable<String>)
                                                () -> {
                                                    String name = pod.getMetadata().getName();
                                                    String path =
                                                            "/api/v1/namespaces/default/pods/"
                                                                    + name;
                                                    api.delete(path, pod.getMetadata().getUid());
                                                    return name;
                                                })
                                .toList());
    }

    private String spec(String name) {
        return """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"}, "spec": {"nodeName": "%s",
        "tolerations": [{"operator": "Exists"}], "containers": [{"name": "main",
        "image": "busybox:1", "command": ["sleep", "86400"]}]}}\
        """
                .formatted(name, node);
    }

    private static ObjectNode status() throws IOException {
        String now = Instant.now().toString();
        String text =
                """
                {"status": {"phase": "Running", "startTime": "%1$s", "podIP": "10.1.2.3",
                "podIPs": [{"ip": "10.1.2.3"}], "hostIP": "127.0.0.1",
                "conditions": [
                {"type": "PodReadyToStartContainers", "status": "True", "lastTransitionTime": "%1$s"},
                {"type": "Initialized", "status": "True", "lastTransitionTime": "%1$s"},
                {"type": "ContainersReady", "status": "True", "lastTransitionTime": "%1$s"},
                {"type": "Ready", "status": "True", "lastTransitionTime": "%1$s"}],
                "containerStatuses": [{"name": "main", "ready": true, "started": true,
                "restartCount": 0, "image": "busybox:1", "imageID": "busybox:1",
                "containerID": "bench://1", "state": {"running": {"startedAt": "%1$s"}}}]}}\
                """
                        .formatted(now.substring(0, 19) + "Z");
        return (ObjectNode) JSON.readTree(text);
    }
}
