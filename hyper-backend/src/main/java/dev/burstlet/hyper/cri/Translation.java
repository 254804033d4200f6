package dev.burstlet.hyper.cri;

import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.hyper.proto.cri.DNSConfig;
import dev.burstlet.hyper.proto.cri.LinuxContainerResources;
import dev.burstlet.hyper.proto.cri.LinuxPodSandboxConfig;
import dev.burstlet.hyper.proto.cri.PodSandboxConfig;
import dev.burstlet.hyper.proto.cri.PodSandboxMetadata;
import dev.burstlet.hyper.proto.cri.PortMapping;
import dev.burstlet.hyper.proto.cri.Protocol;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Sandboxes and resources in the CRI's terms. */
public final class Translation {
    private static final boolean CGROUP_V2 =
            Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));

    private final Path logs;
    private final SecurityContexts security;

    public Translation(Path logs, SeccompProfiles seccompProfiles) {
        this.logs = logs;
        this.security = new SecurityContexts(seccompProfiles);
    }

    SecurityContexts security() {
        return security;
    }

    /** Where a pod's logs are, as the kubelet has it: what ships logs finds them. */
    public Path logDirectory(PodKey pod) {
        return logs.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
    }

    /**
     * A sandbox's configuration, which its containers get as well.
     *
     * @param cgroup the pod's, or empty
     */
    PodSandboxConfig sandbox(SandboxSpec spec, String cgroup) {
        PodSandboxConfig.Builder config =
                PodSandboxConfig.newBuilder()
                        .setMetadata(
                                PodSandboxMetadata.newBuilder()
                                        .setName(spec.pod().name())
                                        .setNamespace(spec.pod().namespace())
                                        .setUid(spec.pod().uid())
                                        .setAttempt(spec.attempt()))
                        .setLogDirectory(logDirectory(spec.pod()).toString())
                        .putAllLabels(spec.labels())
                        .putAllAnnotations(spec.annotations())
                        .setLinux(
                                LinuxPodSandboxConfig.newBuilder()
                                        .setCgroupParent(cgroup)
                                        .setSecurityContext(security.sandbox(spec))
                                        .putAllSysctls(spec.sysctls())
                                        .setResources(resources(spec.resources()))
                                        .setOverhead(resources(spec.overhead())));
        @Nullable String hostname = spec.hostname();
        if (hostname != null) {
            config.setHostname(hostname);
        }
        if (!spec.dns().equals(SandboxSpec.Dns.HOST)) {
            config.setDnsConfig(
                    DNSConfig.newBuilder()
                            .addAllServers(spec.dns().servers())
                            .addAllSearches(spec.dns().searches())
                            .addAllOptions(spec.dns().options()));
        }
        if (!spec.namespaces().hostNetwork()) {
            spec.ports().forEach(port -> config.addPortMappings(port(port)));
        }
        return config.build();
    }

    private static PortMapping port(SandboxSpec.PortMapping port) {
        return PortMapping.newBuilder()
                .setProtocol(protocol(port.protocol()))
                .setContainerPort(port.containerPort())
                .setHostPort(port.hostPort())
                .setHostIp(port.hostIp())
                .build();
    }

    private static Protocol protocol(String name) {
        return switch (name) {
            case "TCP" -> Protocol.TCP;
            case "UDP" -> Protocol.UDP;
            case "SCTP" -> Protocol.SCTP;
            default ->
                    throw new BackendException(
                            Reason.INVALID, "containers.ports.protocol: " + name);
        };
    }

    static LinuxContainerResources resources(Resources resources) {
        LinuxContainerResources.Builder wire =
                LinuxContainerResources.newBuilder()
                        .setCpuShares(resources.cpuShares())
                        .setCpuQuota(resources.cpuQuotaMicros())
                        .setCpuPeriod(resources.cpuPeriodMicros())
                        .setMemoryLimitInBytes(resources.memoryBytes())
                        .setOomScoreAdj(resources.oomScoreAdj());
        if (CGROUP_V2) {
            if (resources.memoryBytes() > 0) {
                wire.setMemorySwapLimitInBytes(resources.memoryBytes());
            }
            if (resources.pids() > 0) {
                wire.putUnified("pids.max", Long.toString(resources.pids()));
            }
        }
        return wire.build();
    }

    static Resources resources(LinuxContainerResources wire) {
        long pids = 0;
        @Nullable String limit = wire.getUnifiedMap().get("pids.max");
        if (limit != null) {
            try {
                pids = Long.parseLong(limit);
            } catch (NumberFormatException e) {
                pids = 0;
            }
        }
        return new Resources(
                wire.getCpuShares(),
                wire.getCpuQuota(),
                wire.getCpuPeriod(),
                wire.getMemoryLimitInBytes(),
                (int) wire.getOomScoreAdj(),
                pids);
    }
}
