package dev.burstlet.app.compose;

import dev.burstlet.app.config.Agent;
import dev.burstlet.app.config.Configuration;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.Node;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.pod.BackendException;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.function.Consumer;

/** Looks at everything that a configuration needs, and changes nothing. */
public final class Check {
    /**
     * Group, resource, subresource, verb: what a process of a service account has to be allowed.
     */
    private static final List<List<String>> RIGHTS =
            List.of(
                    List.of("", "pods", "", "list"),
                    List.of("", "pods", "", "watch"),
                    List.of("", "pods", "", "delete"),
                    List.of("", "pods", "status", "patch"),
                    List.of("", "nodes", "", "create"),
                    List.of("", "nodes", "", "patch"),
                    List.of("", "nodes", "status", "patch"),
                    List.of("", "events", "", "create"),
                    List.of("", "configmaps", "", "get"),
                    List.of("", "secrets", "", "get"),
                    List.of("", "services", "", "list"),
                    List.of("", "serviceaccounts", "token", "create"),
                    List.of("coordination.k8s.io", "leases", "", "update"),
                    List.of("authentication.k8s.io", "tokenreviews", "", "create"),
                    List.of("authorization.k8s.io", "subjectaccessreviews", "", "create"),
                    List.of("certificates.k8s.io", "certificatesigningrequests", "", "create"));

    private Check() {}

    /**
     * Tells what it finds, one thing at a time.
     *
     * @return whether all is as it should be
     */
    public static boolean all(Configuration configuration, Consumer<Finding> tell) {
        boolean good =
                tell(
                        tell,
                        Finding.ok("configuration: " + configuration.nodes().size() + " node(s)"));
        good &= apiServer(configuration, tell);
        for (Node node : configuration.nodes()) {
            good &= host(node, tell);
        }
        return good;
    }

    private static boolean apiServer(Configuration configuration, Consumer<Finding> tell) {
        try (KubernetesClient client = Clients.connect(configuration.cluster().kubeconfig())) {
            String version = client.getKubernetesVersion().getGitVersion();
            boolean good =
                    tell(tell, Finding.ok("API server " + client.getMasterUrl() + ": " + version));
            for (List<String> right : RIGHTS) {
                good &=
                        allowed(client, right)
                                || tell(tell, Finding.wrong("no right to " + words(right)));
            }
            return good;
        } catch (KubernetesClientException | ConfigurationException e) {
            return tell(tell, Finding.wrong("API server: " + e.getMessage()));
        }
    }

    private static boolean allowed(KubernetesClient client, List<String> right) {
        return client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(
                        new SelfSubjectAccessReviewBuilder()
                                .withNewSpec()
                                .withNewResourceAttributes()
                                .withGroup(right.get(0))
                                .withResource(right.get(1))
                                .withSubresource(right.get(2))
                                .withVerb(right.get(3))
                                .endResourceAttributes()
                                .endSpec()
                                .build())
                .getStatus()
                .getAllowed();
    }

    private static String words(List<String> right) {
        return right.get(3)
                + " "
                + right.get(1)
                + (right.get(2).isEmpty() ? "" : "/" + right.get(2));
    }

    private static boolean agent(Node node, Agent agent, Consumer<Finding> tell) {
        try {
            AgentProtocol.About about = Agents.about(agent);
            String whose =
                    about.ours() ? "ours" : about.bound() ? "another owner's" : "nobody's yet";
            String text =
                    "node %s: agent %s, release %s, is %s"
                            .formatted(node.name(), agent.endpoint(), about.release(), whose);
            boolean good = about.ours() || !about.bound();
            return tell(tell, good ? Finding.ok(text) : Finding.wrong(text));
        } catch (BackendException | ConfigurationException e) {
            return tell(tell, Finding.wrong("node " + node.name() + ": " + e.getMessage()));
        }
    }

    private static boolean host(Node node, Consumer<Finding> tell) {
        Agent agent = node.agent();
        if (agent != null) {
            return agent(node, agent, tell);
        }
        try (ContainerEngine engine = Engines.open(node)) {
            EngineInfo info = engine.info();
            String probes =
                    info.features().contains(EngineInfo.Feature.POD_NETWORK_ROUTED)
                            ? "probes go to pods directly"
                            : "probes are relayed through each pod's sandbox";
            return tell(
                    tell,
                    Finding.ok(
                            "node "
                                    + node.name()
                                    + ": "
                                    + info.system().containerRuntimeVersion()
                                    + ", "
                                    + info.cpuMillis() / 1000.0
                                    + " CPUs, "
                                    + (info.memoryBytes() >> 20)
                                    + " MiB; "
                                    + probes));
        } catch (BackendException | ConfigurationException e) {
            return tell(tell, Finding.wrong("node " + node.name() + ": " + e.getMessage()));
        }
    }

    private static boolean tell(Consumer<Finding> tell, Finding finding) {
        tell.accept(finding);
        return finding.good();
    }
}
