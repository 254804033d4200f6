package dev.burstlet.hyper.tls;

import dev.burstlet.engine.agent.AgentEndpoint;
import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate with its key, and the authorities that the other side's has to be of. The files are
 * read again when they change; new connections use what is in them then.
 */
public final class PemIdentity implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PemIdentity.class);
    private static final long LOOK_SECONDS = 3;

    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("agent-certificates").factory());
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;

    /** When the files changed that were read last. */
    private volatile List<FileTime> read;

    /**
     * Reads the files.
     *
     * @param named the other side has to have the name by which it was called
     * @throws IllegalArgumentException naming the file that cannot be read
     */
    public PemIdentity(AgentEndpoint.Tls files, boolean named) {
        readable("ca", files.ca());
        readable("certificate", files.certificate());
        readable("key", files.key());
        try {
            trust =
                    AdvancedTlsX509TrustManager.newBuilder()
                            .setVerification(
                                    named
                                            ? Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION
                                            : Verification.CERTIFICATE_ONLY_VERIFICATION)
                            .build();
            read = stamps(files);
            keys.updateIdentityCredentials(files.certificate().toFile(), files.key().toFile());
            trust.updateTrustCredentials(files.ca().toFile());
        } catch (IOException | GeneralSecurityException e) {
            looks.shutdownNow();
            throw new IllegalArgumentException("tls: " + e.getMessage(), e);
        }
        // The library's own looks come once a minute at the most.
        var _ =
                looks.scheduleWithFixedDelay(
                        () -> look(files), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look(AgentEndpoint.Tls files) {
        try {
            List<FileTime> now = stamps(files);
            if (now.equals(read)) {
                return;
            }
            keys.updateIdentityCredentials(files.certificate().toFile(), files.key().toFile());
            trust.updateTrustCredentials(files.ca().toFile());
            read = now;
            LOG.info("Certificate {} is read again", files.certificate());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // Perhaps half written: what was read before serves until the next look.
            LOG.warn("Certificate {} is not read again: {}", files.certificate(), e.getMessage());
        }
    }

    private static List<FileTime> stamps(AgentEndpoint.Tls files) throws IOException {
        List<FileTime> stamps = new ArrayList<>();
        for (Path file : List.of(files.ca(), files.certificate(), files.key())) {
            stamps.add(Files.getLastModifiedTime(file));
        }
        return stamps;
    }

    private static void readable(String key, Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("tls." + key + ": " + file + " cannot be read");
        }
    }

    public ChannelCredentials ofClient() {
        return TlsChannelCredentials.newBuilder().keyManager(keys).trustManager(trust).build();
    }

    /** Who shows no certificate is turned away. */
    public ServerCredentials ofServer() {
        return TlsServerCredentials.newBuilder()
                .keyManager(keys)
                .trustManager(trust)
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build();
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
