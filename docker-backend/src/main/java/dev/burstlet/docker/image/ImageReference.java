package dev.burstlet.docker.image;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image reference in its parts, after the grammar of the distribution project.
 *
 * @param name registry and repository
 * @param tag empty where there is a digest only
 * @param digest empty where there is none
 */
record ImageReference(String name, String tag, String digest) {
    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
    private static final String DOMAIN = LABEL + "(?:\\." + LABEL + ")*(?::[0-9]+)?";
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<name>(?:%s/)?%s(?:/%s)*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>%s))?"
                            .formatted(
                                    DOMAIN,
                                    PART,
                                    PART,
                                    "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*"
                                            + ":[0-9a-fA-F]{32,}"));
    private static final Pattern ID = Pattern.compile("sha256:[0-9a-f]{64}|[0-9a-f]{64}");

    /** Whether it is the id of an image and no reference. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * The parts; the tag is {@code latest} where there is neither tag nor digest.
     *
     * @throws BackendException INVALID_IMAGE_NAME
     */
    static ImageReference parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > 512 || !form.matches()) {
            throw new BackendException(
                    Reason.INVALID_IMAGE_NAME,
                    "couldn't parse image name \"" + text + "\": invalid reference format");
        }
        String tag = form.group("tag") == null ? "" : form.group("tag");
        String digest = form.group("digest") == null ? "" : form.group("digest");
        return new ImageReference(
                form.group("name"), tag.isEmpty() && digest.isEmpty() ? "latest" : tag, digest);
    }

    /** What names it for the engine: a digest leaves nothing for a tag to say. */
    String lookup() {
        return digest.isEmpty() ? name + ":" + tag : name + "@" + digest;
    }

    /** For the pull's {@code tag} parameter. */
    String version() {
        return digest.isEmpty() ? tag : digest;
    }
}
