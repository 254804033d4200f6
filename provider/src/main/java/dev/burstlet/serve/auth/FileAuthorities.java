package dev.burstlet.serve.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;

/** Client authorities from a PEM file, read again when it changes. */
public final class FileAuthorities implements ClientAuthorities {
    private final ReloadedFile<List<X509Certificate>> file;

    public FileAuthorities(Path pem, InstantSource clock) throws IOException {
        this.file =
                new ReloadedFile<>(
                        List.of(pem), () -> Certificates.parse(Files.readString(pem)), clock);
    }

    @Override
    public List<X509Certificate> current() {
        return file.get();
    }
}
