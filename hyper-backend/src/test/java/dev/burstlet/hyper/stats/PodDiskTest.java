package dev.burstlet.hyper.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodDiskTest {
    @Test
    void filesBelowAreCountedAndLinksAreNotFollowed(@TempDir Path directory) throws IOException {
        Path volume = Files.createDirectories(directory.resolve("volume/deep"));
        Files.writeString(volume.resolve("file"), "12345");
        Files.writeString(directory.resolve("other"), "1234567890");
        Files.createSymbolicLink(volume.resolve("link"), directory.resolve("other"));

        assertThat(PodDisk.bytes(directory.resolve("volume"))).isEqualTo(5);
        assertThat(PodDisk.bytes(directory.resolve("none"))).isZero();
    }
}
