package dev.burstlet.engine.desired;

import dev.burstlet.container.Content;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The contents of texts that many pods mount, as the cluster's certificate is by all of them: of
 * one and the same string there is one content. Holds a few short texts at most. Not for secrets.
 * Thread-safe.
 */
final class SharedTexts {
    private static final int PLACES = 64;
    private static final int LONGEST = 16 << 10;

    private final AtomicReferenceArray<@Nullable Known> known = new AtomicReferenceArray<>(PLACES);

    private record Known(String text, Content content) {}

    @SuppressWarnings("ReferenceEquality") // To compare the letters would take longer than to copy.
    Content of(String text) {
        if (text.length() > LONGEST) {
            return Content.utf8(text);
        }
        int at = System.identityHashCode(text) & PLACES - 1;
        Known there = known.getPlain(at);
        if (there != null && there.text() == text) {
            return there.content();
        }
        Content content = Content.utf8(text);
        known.setPlain(at, new Known(text, content));
        return content;
    }
}
