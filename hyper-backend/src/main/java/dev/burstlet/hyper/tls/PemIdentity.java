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
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A certificate with its key, and the authorities that the other side's has to be of. The files are
 * read again when they change; new connections use what is in them then.
 */
public final class PemIdentity implements AutoCloseable {
    private static final long LOOK_SECONDS = 3;

    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("agent-certificates").factory());
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;

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
            var _ =
                    keys.updateIdentityCredentials(
                            files.certificate().toFile(),
                            files.key().toFile(),
                            LOOK_SECONDS,
                            TimeUnit.SECONDS,
                            looks);
            var _ =
                    trust.updateTrustCredentials(
                            files.ca().toFile(), LOOK_SECONDS, TimeUnit.SECONDS, looks);
        } catch (IOException | GeneralSecurityException e) {
            looks.shutdownNow();
            throw new IllegalArgumentException("tls: " + e.getMessage(), e);
        }
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
