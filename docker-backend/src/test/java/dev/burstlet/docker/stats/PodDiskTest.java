package dev.burstlet.docker.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodDiskTest {
    @Test
    void logsAreThoseOfTheEnginesDriversRotatedOnesIncluded(@TempDir Path directory)
            throws IOException {
        Files.writeString(directory.resolve("ab-json.log"), "12345");
        Files.writeString(directory.resolve("ab-json.log.1"), "123");
        Files.writeString(directory.resolve("config.v2.json"), "1234567890");
        Files.createDirectory(directory.resolve("local-logs"));
        Files.writeString(directory.resolve("local-logs/container.log"), "12");

        assertThat(PodDisk.logBytes(directory)).isEqualTo(10);
        assertThat(PodDisk.logBytes(directory.resolve("none"))).isZero();
    }

    @Test
    void sizesAreByPodAndOnlyOfVolumesOnDisk() throws JsonProcessingException {
        String answer =
                """
                {"Volumes": [
                  {"Name": "1", "Options": null, "UsageData": {"Size": 7},
                   "Labels": {"io.kubernetes.pod.uid": "u", "dev.burstlet.volume": "data"}},
                  {"Name": "2", "Options": {"type": "tmpfs"}, "UsageData": {"Size": 9},
                   "Labels": {"io.kubernetes.pod.uid": "u", "dev.burstlet.volume": "memory"}},
                  {"Name": "3", "Options": {}, "UsageData": {"Size": -1},
                   "Labels": {"io.kubernetes.pod.uid": "u", "dev.burstlet.volume": "unknown"}},
                  {"Name": "4", "Options": {}, "UsageData": {"Size": 5}, "Labels": null}
                ]}
                """;
        assertThat(PodDisk.byPod(new ObjectMapper().readTree(answer)))
                .isEqualTo(Map.of("u", Map.of("data", 7L)));
    }
}
