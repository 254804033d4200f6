package dev.burstlet.serve;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every path of the API, with what it answers and what it takes, written down apart from the code.
 */
final class AccessTable {
    /** Each path and what an admin gets by GET and by POST. */
    private static final Map<String, int[]> PATHS =
            Map.ofEntries(
                    Map.entry("/", new int[] {404, 404}),
                    Map.entry("/healthz", new int[] {200, 405}),
                    Map.entry("/healthz/ping", new int[] {200, 405}),
                    Map.entry("/healthz/log", new int[] {200, 405}),
                    Map.entry("/healthz/syncloop", new int[] {200, 405}),
                    Map.entry("/healthz/other", new int[] {404, 404}),
                    Map.entry("/pods", new int[] {200, 405}),
                    Map.entry("/pods/", new int[] {200, 405}),
                    Map.entry("/runningpods/", new int[] {200, 405}),
                    Map.entry("/configz", new int[] {200, 405}),
                    Map.entry("/statusz", new int[] {200, 405}),
                    Map.entry("/flagz", new int[] {200, 405}),
                    Map.entry("/stats/summary", new int[] {200, 405}),
                    Map.entry("/stats", new int[] {404, 404}),
                    Map.entry("/metrics", new int[] {200, 405}),
                    Map.entry("/metrics/resource", new int[] {200, 405}),
                    Map.entry("/metrics/cadvisor", new int[] {200, 405}),
                    Map.entry("/metrics/probes", new int[] {200, 405}),
                    Map.entry("/metrics/other", new int[] {404, 404}),
                    Map.entry("/containerLogs/default/web/main", new int[] {200, 405}),
                    Map.entry("/containerLogs/default/none/main", new int[] {404, 405}),
                    Map.entry("/containerLogs/default/web/none", new int[] {404, 405}),
                    Map.entry("/exec/default/web/main?command=cat&output=1", new int[] {400, 400}),
                    Map.entry("/exec/default/none/main?command=cat", new int[] {404, 404}),
                    Map.entry("/exec/default/web/9-9/main?command=cat", new int[] {404, 404}),
                    Map.entry("/exec/default/web/none?command=cat", new int[] {500, 500}),
                    Map.entry("/attach/default/web/main?output=1", new int[] {400, 400}),
                    Map.entry("/attach/default/web/11-22-33/main", new int[] {400, 400}),
                    Map.entry("/portForward/default/web", new int[] {400, 400}),
                    Map.entry("/portForward/default/none", new int[] {404, 404}),
                    Map.entry("/run/default/web/main?cmd=exit%200", new int[] {405, 200}),
                    Map.entry("/logs/", new int[] {405, 405}),
                    Map.entry("/logs/kubelet.log", new int[] {405, 405}),
                    Map.entry("/checkpoint/default/web/main", new int[] {404, 404}),
                    Map.entry("/debug/pprof/", new int[] {405, 405}),
                    Map.entry("/debug/flags/v", new int[] {405, 405}),
                    Map.entry("/debug/other", new int[] {404, 404}),
                    Map.entry("/other", new int[] {404, 404}));

    private static final List<String> ACTING = List.of("/exec", "/attach", "/port", "/run/");

    /** The subresources of nodes that have paths of their own; all others are nodes/proxy's. */
    private static final Map<String, String> SUBRESOURCES =
            Map.of(
                    "/healthz", "healthz",
                    "/pods", "pods",
                    "/runningpods", "pods",
                    "/configz", "configz",
                    "/statusz", "statusz",
                    "/flagz", "configz",
                    "/stats", "stats",
                    "/metrics", "metrics",
                    "/logs", "log",
                    "/checkpoint", "checkpoint");

    private static final List<String> NOT_BY_PROXY =
            List.of("/stats", "/metrics", "/logs", "/checkpoint", "/statusz", "/flagz");

    private AccessTable() {}

    static List<String> paths() {
        return PATHS.keySet().stream().sorted().toList();
    }

    /** What an admin gets by GET and by POST. */
    static int[] admin(String path) {
        return PATHS.getOrDefault(path, new int[] {0, 0});
    }

    /** Whether it runs something or connects into a pod. */
    static boolean acting(String path) {
        return ACTING.stream().anyMatch(path::startsWith);
    }

    /** Whether a verb on a subresource of nodes lets a method in. */
    static boolean lets(String verb, String subresource, String method, String path) {
        @Nullable String own =
                SUBRESOURCES.entrySet().stream()
                        .filter(entry -> at(entry.getKey(), path))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
        boolean named =
                subresource.equals(own)
                        || (subresource.equals("proxy")
                                && NOT_BY_PROXY.stream().noneMatch(prefix -> at(prefix, path)));
        String needed =
                acting(path)
                        ? "create"
                        : switch (method) {
                            case "GET" -> "get";
                            case "POST" -> "create";
                            case "PUT" -> "update";
                            case "DELETE" -> "delete";
                            case "PATCH" -> "patch";
                            default -> "none";
                        };
        return named && verb.equals(needed);
    }

    private static boolean at(String prefix, String path) {
        return path.equals(prefix)
                || path.startsWith(prefix + "/")
                || path.startsWith(prefix + "?");
    }
}
