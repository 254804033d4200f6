package dev.burstlet.docker.client;

import com.github.dockerjava.core.util.CertificateUtils;
import dev.burstlet.container.EngineSettings.Tls;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mutual TLS out of PEM files, as Docker's documentation lays them out (ca.pem, cert.pem, key.pem).
 * The files are read again when they change; connections made from then on use the new ones. While
 * changed files cannot be read the last good ones stay in use.
 */
public final class PemTls {
    private static final Logger LOG = LoggerFactory.getLogger(PemTls.class);

    private final Tls files;
    private volatile Material material;

    static {
        // docker-java's reader of PEM files asks for this provider by name.
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            int _ = Security.addProvider(new BouncyCastleProvider());
        }
    }

    private PemTls(Tls files) throws IOException, GeneralSecurityException {
        this.files = files;
        this.material = read(files);
    }

    /**
     * A context over the files.
     *
     * @throws IllegalArgumentException where they do not hold what they should
     */
    public static SSLContext context(Tls files) {
        try {
            PemTls tls = new PemTls(files);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {tls.new Keys()}, new TrustManager[] {tls.new Trust()}, null);
            return context;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("tls: " + files + ": " + e.getMessage(), e);
        }
    }

    private Material current() {
        Material known = material;
        try {
            List<Long> stamps = stamps(files);
            if (!stamps.equals(known.stamps())) {
                known = read(files);
                material = known;
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("{}: not read again: {}", files, e.getMessage());
        }
        return known;
    }

    private static List<Long> stamps(Tls files) throws IOException {
        return List.of(stamp(files.ca()), stamp(files.certificate()), stamp(files.key()));
    }

    private static long stamp(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    private static Material read(Tls files) throws IOException, GeneralSecurityException {
        List<Long> stamps = stamps(files);
        KeyStore keys = keyStore(files);
        KeyManagerFactory keyFactory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyFactory.init(keys, "docker".toCharArray());
        TrustManagerFactory trustFactory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustFactory.init(CertificateUtils.createTrustStore(Files.readString(files.ca())));
        return new Material(
                stamps,
                (X509ExtendedKeyManager) keyFactory.getKeyManagers()[0],
                (X509ExtendedTrustManager) trustFactory.getTrustManagers()[0]);
    }

    private static KeyStore keyStore(Tls files) throws IOException, GeneralSecurityException {
        try {
            return CertificateUtils.createKeyStore(
                    Files.readString(files.key()), Files.readString(files.certificate()));
        } catch (java.security.spec.InvalidKeySpecException e) {
            throw new GeneralSecurityException(files.key() + ": " + e.getMessage(), e);
        }
    }

    private record Material(
            List<Long> stamps, X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {}

    private final class Keys extends X509ExtendedKeyManager {
        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return current().keys().chooseEngineClientAlias(keyType, issuers, engine);
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return current().keys().chooseClientAlias(keyType, issuers, socket);
        }

        @Override
        public String @Nullable [] getClientAliases(
                String keyType, Principal @Nullable [] issuers) {
            return material.keys().getClientAliases(keyType, issuers);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
            return material.keys().getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
            return material.keys().getPrivateKey(alias);
        }

        @Override
        public String @Nullable [] getServerAliases(
                String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    private final class Trust extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            current().trust().checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            current().trust().checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            current().trust().checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("there are no clients here");
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, @Nullable Socket socket)
                throws CertificateException {
            throw new CertificateException("there are no clients here");
        }

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, @Nullable SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("there are no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return material.trust().getAcceptedIssuers();
        }
    }
}
