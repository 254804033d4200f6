package dev.burstlet.serve;

import dev.burstlet.serve.auth.Access;
import dev.burstlet.serve.http.RequestPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a request needs, any one of which suffices, as the kubelet's authorizer attributes have it
 * with fine-grained authorization (Kubernetes docs, "Kubelet authentication/authorization"): the
 * verb by the method, the subresource of nodes by the path, and nodes/proxy where that is also
 * taken.
 */
final class AccessRules {
    private static final Map<String, String> VERBS =
            Map.of(
                    "GET", "get",
                    "POST", "create",
                    "PUT", "update",
                    "PATCH", "patch",
                    "DELETE", "delete");

    /** Paths whose subresource has no other way in. */
    private static final Map<String, String> STRICT =
            Map.of(
                    "stats", "stats",
                    "metrics", "metrics",
                    "logs", "log",
                    "checkpoint", "checkpoint",
                    "statusz", "statusz",
                    "flagz", "configz");

    /** Paths for which nodes/proxy is enough too. */
    private static final Map<String, String> FINE =
            Map.of(
                    "pods", "pods",
                    "runningpods", "pods",
                    "healthz", "healthz",
                    "configz", "configz");

    /** Paths that run something or connect into a pod, whatever their method. */
    private static final Set<String> ACTING = Set.of("run", "exec", "attach", "portForward");

    private static final String PROXY = "proxy";

    private AccessRules() {}

    static List<Access> any(String method, RequestPath path) {
        String verb = VERBS.getOrDefault(method, method.toLowerCase(Locale.ROOT));
        String strict = STRICT.get(path.first());
        if (strict != null) {
            return List.of(new Access(verb, strict));
        }
        List<Access> accesses = new ArrayList<>();
        String fine = FINE.get(path.first());
        if (fine != null) {
            accesses.add(new Access(verb, fine));
        }
        // WebSocket clients cannot but use GET; reading rights must not run commands.
        boolean acting = ACTING.contains(path.first());
        accesses.add(new Access(acting ? "create" : verb, PROXY));
        return accesses;
    }
}
