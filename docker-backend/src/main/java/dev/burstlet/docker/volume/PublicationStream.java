package dev.burstlet.docker.volume;

import dev.burstlet.container.Publication;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Publications as the tool's {@code put} reads them (see src/main/tool/put.c). */
final class PublicationStream {
    private static final Set<String> DOTS = Set.of("", ".", "..");

    private final List<InputStream> parts = new ArrayList<>();

    private PublicationStream() {}

    static InputStream of(List<Publication> publications) {
        PublicationStream stream = new PublicationStream();
        publications.forEach(stream::add);
        stream.line("Q");
        return new SequenceInputStream(Collections.enumeration(stream.parts));
    }

    private void add(Publication publication) {
        line((publication.atomic() ? "A " : "I ") + publication.volume());
        for (String point : publication.mountPoints()) {
            check(publication.volume(), point);
            line("D " + point);
        }
        for (Publication.File file : publication.files()) {
            check(publication.volume(), file.path());
            line(
                    "F %o %d %d %d %s"
                            .formatted(
                                    file.mode() & 07777,
                                    file.uid(),
                                    file.gid(),
                                    file.content().length(),
                                    file.path()));
            parts.add(new ByteArrayInputStream(file.content().bytes()));
        }
        line("E");
    }

    private static void check(String volume, String path) {
        boolean wrong = path.indexOf('\n') >= 0 || path.indexOf('\0') >= 0 || path.length() > 4000;
        for (String part : path.split("/", -1)) {
            wrong |= DOTS.contains(part);
        }
        // The kubelet's writer refuses these too: they are its own.
        if (wrong || path.startsWith("..")) {
            throw new BackendException(
                    Reason.INVALID, "volume " + volume + ": not a path for a file: " + path);
        }
    }

    private void line(String text) {
        parts.add(new ByteArrayInputStream((text + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
