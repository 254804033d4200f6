package dev.burstlet.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.Content;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assertions;

/**
 * A real engine for tests and an image on it that needs no registry: this machine's static busybox
 * (Debian's busybox-static) under all its names. The build provides both before integration tests.
 */
public final class DockerImages {
    /** The image: a shell and the usual tools, root as the user, no command but {@code sh}. */
    public static final String BUSYBOX = "burstlet-test/busybox:1";

    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final List<Path> BINARIES =
            List.of(Path.of("/usr/bin/busybox"), Path.of("/bin/busybox"));

    private DockerImages() {}

    /** The settings of the engine on this machine. */
    public static EngineSettings settings() {
        Assertions.assertTrue(Files.exists(SOCKET), "no Docker Engine on " + SOCKET);
        return new EngineSettings(
                "local", "unix://" + SOCKET, null, false, Duration.ofSeconds(30), 8, Map.of());
    }

    /** Makes sure that the engine has {@link #BUSYBOX}. */
    public static synchronized void load() {
        try (EngineClient client = new EngineClient(settings())) {
            EngineRequest look = EngineRequest.get("/images/" + BUSYBOX + "/json");
            if (client.send(Budget.QUERY, client.callTimeout(), look).ok()) {
                return;
            }
            String arch = client.engineVersion().path("Arch").asText();
            EngineRequest load =
                    EngineRequest.post("/images/load?quiet=1")
                            .with(Content.of(archive(arch)), "application/x-tar");
            JsonNode told = client.call(Budget.LIFECYCLE, load);
            if (told.has("error")) {
                throw new IllegalStateException(told.path("error").asText());
            }
        }
    }

    /** Makes sure of an image with this line in its /etc/group and returns its name. */
    public static String withGroups(String line) {
        load();
        String tag = "groups-" + Integer.toHexString(line.hashCode());
        byte[] file = tar(tar -> file(tar, "etc/group", text("root:x:0:\n" + line + "\n"), 0644));
        try (EngineClient client = new EngineClient(settings())) {
            var body = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
            String id =
                    client.call(
                                    Budget.LIFECYCLE,
                                    EngineRequest.post(
                                            "/containers/create", body.put("Image", BUSYBOX)))
                            .path("Id")
                            .asText();
            client.call(
                    Budget.LIFECYCLE,
                    new EngineRequest(
                                    "PUT", "/containers/" + id + "/archive?path=/", null, Map.of())
                            .with(Content.of(file), "application/x-tar"));
            client.call(
                    Budget.LIFECYCLE,
                    EngineRequest.post(
                            "/commit?container=" + id + "&repo=burstlet-test/busybox&tag=" + tag));
            client.call(Budget.LIFECYCLE, EngineRequest.delete("/containers/" + id));
        }
        return "burstlet-test/busybox:" + tag;
    }

    /** The image as {@code docker save} writes one. */
    private static byte[] archive(String arch) {
        byte[] layer = layer();
        String config =
                """
                {"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z",\
                "config":{"Cmd":["sh"],"Env":["PATH=/bin"]},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
                """
                        .formatted(arch, sha256(layer));
        byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
        String name = sha256(configBytes) + ".json";
        String manifest =
                "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]"
                        .formatted(name, BUSYBOX);
        return tar(tar -> {
            file(tar, "layer.tar", layer, 0644);
            file(tar, name, configBytes, 0644);
            file(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8), 0644);
        });
    }

    private static byte[] layer() {
        Path busybox =
                BINARIES.stream().filter(Files::isExecutable).findFirst().orElse(Path.of(""));
        Assertions.assertTrue(Files.isExecutable(busybox), "no static busybox is installed");
        return tar(tar -> {
            for (String directory : List.of("bin/", "etc/", "root/", "var/", "dev/")) {
                directory(tar, directory, 0755);
            }
            directory(tar, "tmp/", 01777);
            file(tar, "bin/busybox", Files.readAllBytes(busybox), 0755);
            for (String applet : applets(busybox)) {
                TarArchiveEntry link =
                        new TarArchiveEntry("bin/" + applet, TarConstants.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
            file(tar, "etc/passwd", text("root:x:0:0:root:/root:/bin/sh\n"), 0644);
            file(tar, "etc/group", text("root:x:0:\n"), 0644);
        });
    }

    private static List<String> applets(Path busybox) throws IOException {
        Process list = new ProcessBuilder(busybox.toString(), "--list").start();
        try (var lines = list.inputReader()) {
            return lines.lines().filter(name -> !name.equals("busybox")).toList();
        }
    }

    private interface Filler {
        void fill(TarArchiveOutputStream tar) throws IOException;
    }

    private static byte[] tar(Filler filler) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            filler.fill(tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void file(TarArchiveOutputStream tar, String name, byte[] bytes, int mode)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setMode(mode);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static void directory(TarArchiveOutputStream tar, String name, int mode)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
