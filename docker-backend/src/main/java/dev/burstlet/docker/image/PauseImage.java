package dev.burstlet.docker.image;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The image that sandboxes are made of, built in memory out of a program that comes with this one.
 * Same program, same image.
 */
public final class PauseImage {
    /** The program's path in the image. */
    public static final String TOOL = "/pause";

    /** The name under which an engine has it. */
    public static final String REFERENCE = "dev.burstlet/pause:" + version();

    private PauseImage() {}

    /**
     * The archive for {@code POST /images/load}, as {@code docker save} makes them.
     *
     * @param arch GOARCH name
     * @throws BackendException UNSUPPORTED where there is no program for it
     */
    public static byte[] archive(String arch) {
        byte[] layer = new Tar().file(TOOL.substring(1), resource(arch), 0755).bytes();
        byte[] config =
                """
                {"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z",\
                "config":{"Entrypoint":["%s"]},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}\
                """
                        .formatted(arch, TOOL, sha256(layer))
                        .getBytes(StandardCharsets.UTF_8);
        String name = sha256(config) + ".json";
        String manifest =
                "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"layer.tar\"]}]"
                        .formatted(name, REFERENCE);
        return new Tar()
                .file("layer.tar", layer, 0644)
                .file(name, config, 0644)
                .file("manifest.json", manifest.getBytes(StandardCharsets.UTF_8), 0644)
                .bytes();
    }

    private static String version() {
        return sha256(resource("amd64")).substring(0, 12);
    }

    private static byte[] resource(String arch) {
        try (InputStream in = PauseImage.class.getResourceAsStream("pause-" + arch)) {
            if (in == null) {
                throw new BackendException(
                        Reason.UNSUPPORTED, "no sandbox image for hosts of architecture " + arch);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
