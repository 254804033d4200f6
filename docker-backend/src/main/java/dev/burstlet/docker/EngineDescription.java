package dev.burstlet.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.EngineInfo.Feature;
import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.Endpoint;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.container.Runtimes;
import dev.burstlet.docker.network.PodNetwork;
import dev.burstlet.docker.stats.RemoteDisk;
import dev.burstlet.pod.HostDescription.RuntimeHandler;
import dev.burstlet.pod.HostDescription.SystemInfo;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Describes an engine and its host, by {@code GET /info} and, on the same machine, its files. */
final class EngineDescription {
    private final EngineClient client;
    private final PodNetwork network;
    private final Runtimes runtimes;
    private volatile @Nullable Path localRoot;

    EngineDescription(EngineClient client, PodNetwork network, Runtimes runtimes) {
        this.client = client;
        this.network = network;
        this.runtimes = runtimes;
    }

    /**
     * What the engine says now.
     *
     * @param remoteDisk asked where the engine is on another machine
     */
    EngineInfo read(RemoteDisk remoteDisk) {
        JsonNode info = client.call(Budget.QUERY, EngineRequest.get("/info"));
        runtimes.learn(info);
        Disk disk = disk(info, remoteDisk);
        return new EngineInfo(
                "docker",
                system(info),
                info.path("NCPU").asLong() * 1000,
                info.path("MemTotal").asLong(),
                disk.bytes(),
                disk.availableBytes(),
                network.podCidr(),
                handlers(info),
                features(info));
    }

    private SystemInfo system(JsonNode info) {
        JsonNode version = client.engineVersion();
        boolean local = client.endpoint() instanceof Endpoint.Unix;
        String machineId = local ? line("/etc/machine-id") : "";
        return new SystemInfo(
                version.path("Os").asText("linux"),
                version.path("Arch").asText(),
                info.path("KernelVersion").asText(),
                info.path("OperatingSystem").asText(),
                "docker://" + info.path("ServerVersion").asText(),
                machineId.isEmpty() ? info.path("ID").asText() : machineId,
                local ? line("/sys/class/dmi/id/product_uuid") : "",
                local ? line("/proc/sys/kernel/random/boot_id") : "");
    }

    private record Disk(long bytes, long availableBytes) {}

    /** The API tells what is used and never what there is. */
    private Disk disk(JsonNode info, RemoteDisk remoteDisk) {
        Path root = Path.of(info.path("DockerRootDir").asText("/"));
        if (!(client.endpoint() instanceof Endpoint.Unix) || !Files.isDirectory(root)) {
            @Nullable Amount there = remoteDisk.read();
            return there == null ? new Disk(0, 0) : new Disk(there.capacity(), there.available());
        }
        localRoot = root;
        try {
            FileStore store = Files.getFileStore(root);
            return new Disk(store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            return new Disk(0, 0);
        }
    }

    /** The engine's own directory; null where the engine is on another machine. */
    @Nullable Path localRoot() {
        return localRoot;
    }

    /** How much this machine has left; null where the engine is on another one. */
    @Nullable HostFigures figures() {
        @Nullable Path root = localRoot;
        if (root == null) {
            return null;
        }
        try {
            FileStore store = Files.getFileStore(root);
            Amount disk = Amount.of(store.getUsableSpace(), store.getTotalSpace());
            return new HostFigures(memory(), disk, null, disk, null, pids());
        } catch (IOException e) {
            return null;
        }
    }

    /** All memory but the working set: what is free, and file pages that are not active. */
    private static @Nullable Amount memory() throws IOException {
        long total = 0;
        long available = 0;
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            String[] parts = line.split("[:\\s]+", 3);
            if (parts[0].equals("MemTotal")) {
                total = kibibytes(parts);
            } else if (parts[0].equals("MemFree") || parts[0].equals("Inactive(file)")) {
                available += kibibytes(parts);
            }
        }
        return Amount.of(available, total);
    }

    private static long kibibytes(String[] parts) {
        return Long.parseLong(parts[1]) * 1024;
    }

    private static @Nullable Amount pids() {
        String most = line("/proc/sys/kernel/pid_max");
        String[] load = line("/proc/loadavg").split("[ /]", -1);
        if (load.length < 5 || most.isEmpty()) {
            return null;
        }
        long limit = Long.parseLong(most);
        return Amount.of(limit - Long.parseLong(load[4]), limit);
    }

    private static List<RuntimeHandler> handlers(JsonNode info) {
        List<RuntimeHandler> handlers = new ArrayList<>();
        handlers.add(new RuntimeHandler("", false, false));
        info.path("Runtimes")
                .fieldNames()
                .forEachRemaining(name -> handlers.add(new RuntimeHandler(name, false, false)));
        return handlers;
    }

    private Set<Feature> features(JsonNode info) {
        Set<Feature> features =
                EnumSet.of(
                        Feature.HOST_NAMESPACES,
                        Feature.SHARED_PID,
                        Feature.HOST_PORTS,
                        Feature.IN_PLACE_RESIZE,
                        Feature.MOUNT_PROPAGATION,
                        Feature.SUPPLEMENTAL_GROUPS_POLICY);
        for (JsonNode option : info.path("SecurityOptions")) {
            String text = option.asText();
            if (text.startsWith("name=seccomp")) {
                features.add(Feature.SECCOMP);
            } else if (text.startsWith("name=apparmor")) {
                features.add(Feature.APPARMOR);
            } else if (text.startsWith("name=selinux")) {
                features.add(Feature.SELINUX);
            }
        }
        if (network.routed()) {
            features.add(Feature.POD_NETWORK_ROUTED);
        }
        return features;
    }

    /** The file's first line; empty where it cannot be read. */
    private static String line(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
