package dev.burstlet.engine;

import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/** Pods for tests. */
public final class TestPods {
    public static final NodeContext NODE =
            new NodeContext(
                    "node-1",
                    List.of("192.0.2.10"),
                    Map.of("cpu", new Quantity("4"), "memory", new Quantity("8Gi")),
                    new NodeContext.ClusterDns(List.of("10.96.0.10"), "cluster.local"));

    private TestPods() {}

    /** A container that runs a shell command. */
    public static Container container(String name, String script) {
        return new ContainerBuilder()
                .withName(name)
                .withImage("busybox:1.36")
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sh", "-c", script)
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("File")
                .build();
    }

    /** A pod with a UID made from its name. */
    public static Pod pod(String name, String restartPolicy, Container... containers) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid("uid-" + name)
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(restartPolicy)
                .withTerminationGracePeriodSeconds(1L)
                .withDnsPolicy("ClusterFirst")
                .withEnableServiceLinks(false)
                .withNodeName("node-1")
                .withContainers(containers)
                .endSpec()
                .build();
    }

    public static PodBundle bundle(Pod pod) {
        return bundle(1, pod);
    }

    public static PodBundle bundle(long revision, Pod pod) {
        return PodBundle.of(revision, pod, NODE);
    }
}
