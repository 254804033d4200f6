package dev.burstlet.sync;

import dev.burstlet.cluster.ApiList;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.Reflector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceList;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The services of the cluster that have a cluster IP, by namespace, for the environment of
 * containers. A change is told once for all changes of the next second.
 */
final class ServiceWatch implements AutoCloseable {
    private static final Duration GATHER = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Map<String, Map<String, Service>> byNamespace = new ConcurrentHashMap<>();
    private final Set<Runnable> interested = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean telling = new AtomicBoolean();
    private final CountDownLatch listed = new CountDownLatch(1);
    private final Reflector<Service> reflector;

    ServiceWatch(Cluster cluster) {
        this.cluster = cluster;
        this.reflector =
                new Reflector<>(
                        "services",
                        cluster,
                        new ApiList<>(
                                cluster, "/api/v1/services", "", Service.class, ServiceList.class),
                        new Changes());
    }

    void start() {
        reflector.start();
    }

    void subscribe(Runnable changed) {
        interested.add(changed);
    }

    void unsubscribe(Runnable changed) {
        interested.remove(changed);
    }

    /**
     * The services whose variables the pod gets: those of its namespace unless it declines, and the
     * API server's; where both have one of the name, the namespace's own.
     */
    List<Service> of(Pod pod) throws InterruptedException {
        boolean complete = listed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!complete) {
            throw new IllegalStateException("the services of the cluster are not known yet");
        }
        Map<String, Service> all = new TreeMap<>();
        Service master = byNamespace.getOrDefault("default", Map.of()).get("kubernetes");
        if (master != null) {
            all.put("kubernetes", master);
        }
        if (!Boolean.FALSE.equals(pod.getSpec().getEnableServiceLinks())) {
            all.putAll(byNamespace.getOrDefault(pod.getMetadata().getNamespace(), Map.of()));
        }
        return new ArrayList<>(all.values());
    }

    @Override
    public void close() {
        reflector.close();
    }

    private void changed() {
        if (listed.getCount() == 0 && telling.compareAndSet(false, true)) {
            cluster.background()
                    .runAfter(
                            GATHER,
                            () -> {
                                telling.set(false);
                                interested.forEach(Runnable::run);
                            });
        }
    }

    private final class Changes implements Reflector.Sink<Service> {
        @Override
        public void changed(Service service) {
            String ip = service.getSpec().getClusterIP();
            if (ip == null || ip.isEmpty() || ip.equals("None")) {
                gone(service);
                return;
            }
            service.setStatus(new ServiceStatus());
            Service before =
                    byNamespace
                            .computeIfAbsent(
                                    service.getMetadata().getNamespace(),
                                    _ -> new ConcurrentHashMap<>())
                            .put(service.getMetadata().getName(), service);
            if (before == null || !Objects.equals(before.getSpec(), service.getSpec())) {
                ServiceWatch.this.changed();
            }
        }

        @Override
        public void gone(Service last) {
            Map<String, Service> there = byNamespace.get(last.getMetadata().getNamespace());
            if (there != null && there.remove(last.getMetadata().getName()) != null) {
                ServiceWatch.this.changed();
            }
        }

        @Override
        public void listed() {
            listed.countDown();
        }
    }
}
