package dev.burstlet.docker.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.wire.EngineDialer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;

/**
 * The engine on this machine's socket, with two images that need no registry: the sandbox's and a
 * static busybox. Everything made carries a label and is removed on close.
 */
public final class DockerRig implements AutoCloseable {
    public static final String BUSYBOX = "burstlet-test/busybox:local";

    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final Path BUSYBOX_BINARY = Path.of("/bin/busybox");
    private static final String LABEL = "dev.burstlet.test";

    private static final List<String> APPLETS =
            List.of(
                    "sh",
                    "sleep",
                    "cat",
                    "echo",
                    "ls",
                    "stat",
                    "nc",
                    "rm",
                    "mv",
                    "ln",
                    "mkdir",
                    "mount",
                    "id",
                    "head",
                    "yes",
                    "tr",
                    "dd",
                    "seq",
                    "true",
                    "false",
                    "kill",
                    "wc",
                    "touch",
                    "stty",
                    "readlink",
                    "grep",
                    "mkfifo",
                    "chmod",
                    "ps",
                    "test",
                    "printf");

    private final String mark = UUID.randomUUID().toString();
    private final DockerClient docker;

    public DockerRig() {
        Assertions.assertTrue(Files.exists(SOCKET), "no Docker Engine on " + SOCKET);
        Assertions.assertTrue(Files.exists(BUSYBOX_BINARY), "busybox-static is not installed");
        String host = "unix://" + SOCKET;
        docker =
                DockerClientImpl.getInstance(
                        DefaultDockerClientConfig.createDefaultConfigBuilder()
                                .withDockerHost(host)
                                .withApiVersion("1.41")
                                .build(),
                        new ApacheDockerHttpClient.Builder()
                                .dockerHost(java.net.URI.create(host))
                                .maxConnections(64)
                                .build());
        load(PauseImage.REFERENCE, PauseImage.archive("amd64"));
        importBusybox();
    }

    public DockerClient docker() {
        return docker;
    }

    public EngineSettings settings() {
        return new EngineSettings(
                "local", "unix://" + SOCKET, null, false, Duration.ofSeconds(30), 8, Map.of());
    }

    public EngineDialer dialer() {
        return new EngineDialer(settings());
    }

    /** A value that this rig's objects carry, to be removed by. */
    public Map<String, String> labels() {
        return Map.of(LABEL, mark);
    }

    /** Starts a sandbox without a network of its own but loopback. */
    public String sandbox(List<String> arguments, List<Mount> mounts) {
        String id =
                docker.createContainerCmd(PauseImage.REFERENCE)
                        .withCmd(arguments)
                        .withLabels(labels())
                        .withHostConfig(
                                HostConfig.newHostConfig()
                                        .withNetworkMode("none")
                                        .withIpcMode("shareable")
                                        .withMounts(mounts))
                        .exec()
                        .getId();
        docker.startContainerCmd(id).exec();
        return id;
    }

    /** Creates a busybox container in a sandbox. */
    public String create(String sandbox, List<Mount> mounts, String... command) {
        return docker.createContainerCmd(BUSYBOX)
                .withCmd(command)
                .withLabels(labels())
                .withHostConfig(
                        HostConfig.newHostConfig()
                                .withNetworkMode("container:" + sandbox)
                                .withMounts(mounts))
                .exec()
                .getId();
    }

    /** Creates and starts a busybox container in a sandbox. */
    public String run(String sandbox, List<Mount> mounts, String... command) {
        String id = create(sandbox, mounts, command);
        docker.startContainerCmd(id).exec();
        return id;
    }

    /** Removes every container that this rig made. */
    public void removeContainers() {
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels())
                .exec()
                .forEach(container -> {
                    try {
                        docker.removeContainerCmd(container.getId()).withForce(true).exec();
                    } catch (NotFoundException e) {
                        // gone already
                    }
                });
    }

    @Override
    public void close() {
        removeContainers();
        try {
            docker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean has(String reference) {
        try {
            docker.inspectImageCmd(reference).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private void load(String reference, byte[] archive) {
        if (!has(reference)) {
            docker.loadImageCmd(new ByteArrayInputStream(archive)).exec();
        }
    }

    private void importBusybox() {
        if (has(BUSYBOX)) {
            return;
        }
        try {
            byte[] layer = busyboxRoot();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(layer);
            String config =
                    """
                    {"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"]},\
                    "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
                    """
                            .formatted(HexFormat.of().formatHex(digest));
            String manifest =
                    "[{\"Config\":\"c.json\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]"
                            .formatted(BUSYBOX);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            entry(out, "c.json", config.getBytes(StandardCharsets.UTF_8), "0644", '0', "");
            entry(out, "layer.tar", layer, "0644", '0', "");
            entry(out, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8), "0644", '0', "");
            out.write(new byte[1024]);
            docker.loadImageCmd(new ByteArrayInputStream(out.toByteArray())).exec();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] busyboxRoot() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entry(out, "bin/busybox", Files.readAllBytes(BUSYBOX_BINARY), "0755", '0', "");
        for (String applet : APPLETS) {
            entry(out, "bin/" + applet, new byte[0], "0777", '2', "busybox");
        }
        entry(out, "tmp/", new byte[0], "1777", '5', "");
        out.write(new byte[1024]);
        return out.toByteArray();
    }

    private static void entry(
            ByteArrayOutputStream out,
            String name,
            byte[] content,
            String mode,
            char type,
            String link)
            throws IOException {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "000" + mode);
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 157, link);
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o".formatted(sum));
        header[154] = 0;
        out.write(header);
        out.write(content);
        out.write(new byte[(512 - content.length % 512) % 512]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
