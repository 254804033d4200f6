package dev.burstlet.docker.image;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The image of sandboxes: one static program of our own (src/main/tool), made in memory as a {@code
 * docker save} archive. The same bytes make the same image id on every engine, and the tag changes
 * with the program, so that an engine with an older one is given the newer.
 */
public final class PauseImage {
    /** The program's path in the image, which is its entrypoint too. */
    public static final String TOOL = "/pause";

    /** The directory beneath which a sandbox has its pod's volumes. */
    public static final String VOLUMES = "/volumes";

    /** The sign that a sandbox's process leaves there when the volumes are prepared. */
    public static final String READY = VOLUMES + "/.ready";

    /**
     * A sandbox's first argument, where the first contents of its volumes come by its standard
     * input.
     */
    public static final String TAKE_CONTENTS = "-i";

    private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

    /** The name under which an engine has it. */
    public static final String REFERENCE = "dev.burstlet/pause:" + version();

    private PauseImage() {}

    /**
     * The archive for {@code POST /images/load}.
     *
     * @param arch as Docker names it: {@code amd64}, {@code arm64} (or {@code x86_64}, {@code
     *     aarch64})
     * @throws BackendException UNSUPPORTED for any other
     */
    public static byte[] archive(String arch) {
        byte[] layer = layer(arch);
        byte[] config = config(arch, layer);
        String configName = hex(config) + ".json";
        String manifest =
                "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]"
                        .formatted(configName, REFERENCE);
        return new Tar()
                .file(configName, config, 0644)
                .file("layer.tar", layer, 0644)
                .file("manifest.json", manifest.getBytes(StandardCharsets.UTF_8), 0644)
                .bytes();
    }

    /** The image's id, {@code sha256:} and the digest of its configuration. */
    public static String id(String arch) {
        return "sha256:" + hex(config(arch, layer(arch)));
    }

    private static byte[] layer(String arch) {
        return new Tar()
                .file(TOOL.substring(1), tool(arch), 0755)
                .directory(VOLUMES.substring(1) + "/")
                .bytes();
    }

    private static byte[] config(String arch, byte[] layer) {
        String json =
                """
                {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z",\
                "config":{"Entrypoint":["%s"],"StopSignal":"SIGTERM","User":"0:0",\
                "WorkingDir":"/"},"history":[{"created":"1970-01-01T00:00:00Z"}],\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
                """
                        .formatted(canonical(arch), TOOL, hex(layer));
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String canonical(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> "amd64";
            case "arm64", "aarch64" -> "arm64";
            default ->
                    throw new BackendException(
                            Reason.UNSUPPORTED,
                            "no sandbox image for hosts of architecture " + arch);
        };
    }

    private static byte[] tool(String arch) {
        String name = "tool-" + canonical(arch);
        try (@Nullable InputStream in = PauseImage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String version() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ARCHITECTURES.forEach(arch -> all.writeBytes(tool(arch)));
        return hex(all.toByteArray()).substring(0, 12);
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
