package dev.burstlet.docker.tool;

import dev.burstlet.container.Content;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the tool said. */
public record ToolResult(int exitCode, Content stdout, String stderr) {
    /** Why it failed, in words: it says so itself, unless it was killed. */
    public String failure() {
        String said = stderr.strip();
        return said.isEmpty() ? "the sandbox's tool ended with exit code " + exitCode : said;
    }

    public List<String> lines() {
        return new String(stdout.bytes(), StandardCharsets.UTF_8).lines().toList();
    }
}
