package dev.burstlet.hyper.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesBelowTest {
    @Test
    void filesBelowAreCountedAndLinksAreNotFollowed(@TempDir Path directory) throws IOException {
        Path volume = Files.createDirectories(directory.resolve("volume/deep"));
        Files.writeString(volume.resolve("file"), "12345");
        Files.writeString(directory.resolve("other"), "1234567890");
        Files.createSymbolicLink(volume.resolve("link"), directory.resolve("other"));

        assertThat(FilesBelow.of(directory.resolve("volume"))).isEqualTo(new FilesBelow(5, 4));
        assertThat(FilesBelow.of(directory.resolve("none")).bytes()).isZero();
    }
}
