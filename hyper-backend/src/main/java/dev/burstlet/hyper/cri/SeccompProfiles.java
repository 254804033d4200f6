package dev.burstlet.hyper.cri;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Seccomp profiles as files, as the CRI wants them; named by their content, so never changed. */
public record SeccompProfiles(Path directory) {
    Path file(String json) {
        try {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            String name =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            Path file = directory.resolve(name + ".json");
            if (!Files.exists(file)) {
                Files.createDirectories(directory);
                Path draft = Files.createTempFile(directory, name, ".new");
                Files.write(draft, bytes);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return file;
        } catch (IOException e) {
            throw new BackendException(Reason.ENGINE, "seccomp profile: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
