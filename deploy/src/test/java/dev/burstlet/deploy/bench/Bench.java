package dev.burstlet.deploy.bench;

import dev.burstlet.cluster.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * Loads one node and prints one row of the table: {@code Bench KUBECONFIG NODE PID PODS RATE IMAGE
 * LABEL}. A rate of 0 creates as fast as it goes; a pid of 0 measures no process.
 */
public final class Bench {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Bench() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 7) {
            throw new IllegalArgumentException(
                    "KUBECONFIG NODE PID PODS RATE IMAGE LABEL, not " + Arrays.asList(args));
        }
        int pods = Integer.parseInt(args[3]);
        ProcessUse process = new ProcessUse(Long.parseLong(args[2]));
        Config config = Config.fromKubeconfig(Path.of(args[0]).toFile());
        // One call deletes the whole wave.
        config.setRequestTimeout((int) PATIENCE.toMillis());
        try (KubernetesClient client = Cluster.connect(config);
                PodWave wave = new PodWave(client, args[1], args[5])) {
            ProcessUse.Sample before = process.sample();
            PodWave.Result up = wave.create(pods, Integer.parseInt(args[4]), PATIENCE);
            ProcessUse.Sample between = process.sample();
            PodWave.Result gone = wave.delete(PATIENCE);
            ProcessUse.Sample after = process.sample();
            print(args[6], up, gone, before, between, after);
        }
    }

    private static void print(
            String label,
            PodWave.Result up,
            PodWave.Result gone,
            ProcessUse.Sample before,
            ProcessUse.Sample between,
            ProcessUse.Sample after) {
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f | %.2f | %.2f | %.1f | %.2f | %.2f | %d |",
                        label,
                        up.pods(),
                        up.perSecond(),
                        up.percentile(50),
                        up.percentile(99),
                        gone.perSecond(),
                        between.cpuSeconds() - before.cpuSeconds(),
                        after.cpuSeconds() - between.cpuSeconds(),
                        after.rssMebibytes()));
    }
}
