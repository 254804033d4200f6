package dev.burstlet.docker.translate;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.pod.PodKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of things on the engine. They are for people and keep two makers of the same thing
 * apart; the identity is in the labels.
 */
public final class Names {
    /** The sandbox that a container belongs to. */
    public static final String SANDBOX_LABEL = "io.kubernetes.sandbox.id";

    /** The image reference that a container was made from. */
    public static final String IMAGE_LABEL = "dev.burstlet.image";

    private static final int LONGEST = 200;

    private Names() {}

    public static String sandbox(SandboxSpec spec) {
        return name("POD", spec.pod(), spec.attempt());
    }

    public static String container(ContainerSpec spec) {
        return name(spec.name(), spec.pod(), spec.attempt());
    }

    /** The pod network of an owner. */
    public static String network(Owner owner) {
        return "burstlet-" + hash(owner.cluster() + "/" + owner.node());
    }

    /** The first twelve hexadecimal digits of the SHA-256. */
    public static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(String container, PodKey pod, int attempt) {
        String whole =
                String.join(
                        "_",
                        "k8s",
                        container,
                        pod.name(),
                        pod.namespace(),
                        pod.uid(),
                        Integer.toString(attempt));
        return whole.length() <= LONGEST
                ? whole
                : whole.substring(0, LONGEST - 13) + "_" + hash(whole);
    }
}
