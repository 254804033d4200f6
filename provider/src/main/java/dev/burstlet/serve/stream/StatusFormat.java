package dev.burstlet.serve.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** How the end of a remote command is told on its error stream. */
enum StatusFormat {
    /** Protocols before v4: words on failure, nothing on success. */
    TEXT,
    /** v4 and later: a metav1.Status. */
    STATUS;

    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] exited(int code) {
        if (this == TEXT) {
            return code == 0
                    ? new byte[0]
                    : text("command terminated with non-zero exit code: exit status " + code);
        }
        if (code == 0) {
            return json(Map.of("metadata", Map.of(), "status", "Success"));
        }
        return json(
                Map.of(
                        "metadata",
                        Map.of(),
                        "status",
                        "Failure",
                        "message",
                        "command terminated with non-zero exit code: exit status " + code,
                        "reason",
                        "NonZeroExitCode",
                        "details",
                        Map.of(
                                "causes",
                                List.of(
                                        Map.of(
                                                "reason",
                                                "ExitCode",
                                                "message",
                                                Integer.toString(code))))));
    }

    byte[] failed(String words) {
        if (this == TEXT) {
            return text(words);
        }
        return json(
                Map.of(
                        "metadata",
                        Map.of(),
                        "status",
                        "Failure",
                        "message",
                        "Internal error occurred: " + words,
                        "reason",
                        "InternalError",
                        "details",
                        Map.of("causes", List.of(Map.of("message", words))),
                        "code",
                        500));
    }

    private static byte[] text(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] json(Map<String, ?> status) {
        try {
            return JSON.writeValueAsBytes(status);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
