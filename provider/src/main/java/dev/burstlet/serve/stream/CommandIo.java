package dev.burstlet.serve.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A remote command's streams as the pod's side sees them. */
final class CommandIo implements ProcessIo {
    private static final ObjectReader SIZES =
            new ObjectMapper()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readerFor(Size.class);

    private final CommandStreams streams;
    private final boolean tty;
    private @Nullable MappingIterator<Size> sizes;

    CommandIo(CommandStreams streams, boolean tty) {
        this.streams = streams;
        this.tty = tty;
    }

    @Override
    public boolean tty() {
        return tty;
    }

    @Override
    public @Nullable InputStream stdin() {
        return streams.stdin();
    }

    @Override
    public @Nullable OutputStream stdout() {
        return streams.stdout();
    }

    @Override
    public @Nullable OutputStream stderr() {
        return streams.stderr();
    }

    @Override
    public @Nullable TerminalSize nextSize() throws InterruptedException {
        Inbox resize = streams.resize();
        if (resize == null) {
            return null;
        }
        try {
            MappingIterator<Size> all = sizes;
            if (all == null) {
                all = SIZES.readValues(resize);
                sizes = all;
            }
            if (!all.hasNextValue()) {
                return null;
            }
            Size size = all.nextValue();
            return new TerminalSize(size.width, size.height);
        } catch (IOException e) {
            // Gone, or not sizes: there will be no more of them.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            resize.close();
            return null;
        }
    }

    private record Size(@JsonProperty("Width") int width, @JsonProperty("Height") int height) {}
}
