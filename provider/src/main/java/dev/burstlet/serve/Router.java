package dev.burstlet.serve;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.Service;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the endpoint of a request that has passed the gatekeeper. */
final class Router implements Service {
    /** What is switched off, in the words of a kubelet that has it switched off. */
    private static final Map<String, String> DISABLED =
            Map.of(
                    "/logs", "logs endpoint is disabled.",
                    "/debug/pprof", "profiling endpoint is disabled.",
                    "/debug/flags/v", "flags endpoint is disabled.");

    /** What can be read without naming a pod. */
    private static final List<String> READABLE =
            List.of(
                    "/configz",
                    "/flagz",
                    "/healthz",
                    "/metrics",
                    "/metrics/cadvisor",
                    "/metrics/probes",
                    "/metrics/resource",
                    "/pods",
                    "/runningpods",
                    "/stats/summary",
                    "/statusz");

    private final List<Endpoint> endpoints;

    private Router(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    static Router of(ServeSettings settings, NodeServices services) {
        Health health = new Health(services.syncLoop());
        PodLists lists = new PodLists(services);
        Streams streams = new Streams(settings.streams(), services);
        Statistics statistics = new Statistics(settings.nodeName(), services);
        ZPages pages = new ZPages(services.component(), services.clock(), READABLE);
        return new Router(
                List.of(
                        Endpoint.at("/healthz", health),
                        Endpoint.at("/healthz/ping", health),
                        Endpoint.at("/healthz/log", health),
                        Endpoint.at("/healthz/syncloop", health),
                        Endpoint.at("/pods", lists::pods),
                        Endpoint.at("/runningpods", lists::running),
                        Endpoint.at("/configz", new Configuration(services.configuration())),
                        Endpoint.at("/statusz", pages::statusz),
                        Endpoint.at("/flagz", pages::flagz),
                        Endpoint.at("/stats/summary", statistics::summary),
                        Endpoint.at("/metrics", statistics::own),
                        Endpoint.at("/metrics/resource", statistics::resource),
                        Endpoint.at("/metrics/cadvisor", statistics::cadvisor),
                        Endpoint.at("/metrics/probes", statistics::probes),
                        Endpoint.below("containerLogs", Set.of(3), new ContainerLogs(services)),
                        Endpoint.stream("exec", Set.of(3, 4), streams::exec),
                        Endpoint.stream("attach", Set.of(3, 4), streams::attach),
                        Endpoint.stream("portForward", Set.of(2, 3), streams::portForward),
                        Endpoint.command("run", Set.of(3, 4), new Run(services))));
    }

    @Override
    public void serve(Exchange exchange) throws Refusal, IOException, InterruptedException {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.takes().test(exchange.path())) {
                if (!endpoint.methods().contains(exchange.method())) {
                    throw new Refusal(405, "405: Method Not Allowed");
                }
                endpoint.service().serve(exchange);
                return;
            }
        }
        String path = exchange.path().toString();
        for (Map.Entry<String, String> disabled : DISABLED.entrySet()) {
            if (path.equals(disabled.getKey()) || path.startsWith(disabled.getKey() + "/")) {
                throw new Refusal(405, disabled.getValue());
            }
        }
        throw new Refusal(404, "404 page not found");
    }
}
