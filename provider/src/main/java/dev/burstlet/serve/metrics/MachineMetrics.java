package dev.burstlet.serve.metrics;

import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostDescription.SystemInfo;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;

/** cAdvisor's families of the machine, as far as an engine knows its host. */
final class MachineMetrics {
    private MachineMetrics() {}

    static void write(Exposition out, HostDescription host) {
        SystemInfo system = host.system();
        String[] labels = {
            "boot_id",
            system.bootId(),
            "machine_id",
            system.machineId(),
            "system_uuid",
            system.systemUuid()
        };
        out.family("machine_cpu_cores", "gauge", "Number of logical CPU cores.");
        out.sample(known(host, PodResources.CPU), null, labels);
        out.family("machine_memory_bytes", "gauge", "Amount of memory of the machine in bytes.");
        out.sample(known(host, PodResources.MEMORY), null, labels);
    }

    private static @org.jspecify.annotations.Nullable Long known(
            HostDescription host, String resource) {
        return host.capacity().containsKey(resource)
                ? Long.valueOf(Quantities.whole(host.capacity(), resource))
                : null;
    }
}
