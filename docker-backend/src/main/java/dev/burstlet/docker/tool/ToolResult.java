package dev.burstlet.docker.tool;

import dev.burstlet.container.Content;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the tool said. */
public record ToolResult(int exitCode, Content stdout, String stderr) {
    public List<String> lines() {
        return new String(stdout.bytes(), StandardCharsets.UTF_8).lines().toList();
    }
}
