package dev.burstlet.testing;

import dev.burstlet.cluster.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Compares the control plane's version with what a test needs. */
final class ServerVersionCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), NeedsServer.class)
                .map(NeedsServer::value)
                .map(needed -> verdict(needed, serverVersion()))
                .orElse(ConditionEvaluationResult.enabled("any server will do"));
    }

    static ConditionEvaluationResult verdict(String needed, String server) {
        return minor(server) >= minor(needed)
                ? ConditionEvaluationResult.enabled("the server has " + server)
                : ConditionEvaluationResult.disabled(
                        "needs Kubernetes " + needed + ", the API server is " + server);
    }

    private static int minor(String version) {
        return Integer.parseInt(version.split("\\.", -1)[1].replaceAll("\\D.*", ""));
    }

    private static String serverVersion() {
        try (KubernetesClient client = Cluster.connect(ControlPlane.get().admin())) {
            VersionInfo version = client.getKubernetesVersion();
            return version.getMajor() + "." + version.getMinor();
        }
    }
}
