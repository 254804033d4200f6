package dev.burstlet.hyper.wire;

import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.pod.HostDescription;

/** Descriptions of hosts as messages. */
public final class Hosts {
    private Hosts() {}

    public static V1.HostDescription host(HostDescription host) {
        HostDescription.SystemInfo system = host.system();
        V1.HostDescription.Builder made =
                V1.HostDescription.newBuilder()
                        .setReachable(host.health().reachable())
                        .setSince(Reports.time(host.health().since()))
                        .setCause(host.health().cause())
                        .setOs(system.os())
                        .setArchitecture(system.arch())
                        .setKernelVersion(system.kernelVersion())
                        .setOsImage(system.osImage())
                        .setContainerRuntimeVersion(system.containerRuntimeVersion())
                        .setMachineId(system.machineId())
                        .setSystemUuid(system.systemUuid())
                        .setBootId(system.bootId())
                        .setMemoryPressure(host.pressures().memory())
                        .setDiskPressure(host.pressures().disk())
                        .setPidPressure(host.pressures().pid())
                        .setPodCidr(host.networkPodCidr())
                        .setSupplementalGroupsPolicy(host.supplementalGroupsPolicy());
        host.capacity().forEach((name, quantity) -> made.putCapacity(name, quantity.toString()));
        host.images()
                .forEach(image ->
                        made.addImages(
                                V1.Image.newBuilder()
                                        .addAllNames(image.names())
                                        .setSizeBytes(image.sizeBytes())));
        host.runtimeHandlers()
                .forEach(handler ->
                        made.addRuntimeHandlers(
                                V1.RuntimeHandler.newBuilder()
                                        .setName(handler.name())
                                        .setRecursiveReadOnlyMounts(
                                                handler.recursiveReadOnlyMounts())
                                        .setUserNamespaces(handler.userNamespaces())));
        return made.build();
    }

    public static HostDescription host(V1.HostDescription host) {
        return new HostDescription(
                new HostDescription.Health(
                        host.getReachable(), Reports.time(host.getSince()), host.getCause()),
                new HostDescription.SystemInfo(
                        host.getOs(),
                        host.getArchitecture(),
                        host.getKernelVersion(),
                        host.getOsImage(),
                        host.getContainerRuntimeVersion(),
                        host.getMachineId(),
                        host.getSystemUuid(),
                        host.getBootId()),
                Bundles.quantities(host.getCapacityMap()),
                new HostDescription.Pressures(
                        host.getMemoryPressure(), host.getDiskPressure(), host.getPidPressure()),
                host.getImagesList().stream()
                        .map(image ->
                                new HostDescription.Image(
                                        image.getNamesList(), image.getSizeBytes()))
                        .toList(),
                host.getRuntimeHandlersList().stream()
                        .map(handler ->
                                new HostDescription.RuntimeHandler(
                                        handler.getName(),
                                        handler.getRecursiveReadOnlyMounts(),
                                        handler.getUserNamespaces()))
                        .toList(),
                host.getPodCidr(),
                host.getSupplementalGroupsPolicy());
    }
}
