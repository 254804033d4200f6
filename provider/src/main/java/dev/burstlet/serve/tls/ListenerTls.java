package dev.burstlet.serve.tls;

import dev.burstlet.serve.auth.ClientAuthorities;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS settings of a listener: 1.2 and 1.3, forward secrecy and authenticated ciphers only. */
public final class ListenerTls {
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final int SESSION_CACHE_SIZE = 256;
    private static final int SESSION_SECONDS = 300;

    private ListenerTls() {}

    /**
     * A context that takes the certificate anew at each handshake, asks for a client certificate
     * and takes any: who it names is decided with each request, so that a bad one is answered with
     * 401 as the kubelet does.
     */
    public static SslContext context(ServingCertificate serving, ClientAuthorities authorities)
            throws SSLException {
        SSLContext context;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new Keys(serving)},
                    new TrustManager[] {new AnyClient(authorities)},
                    null);
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
        context.getServerSessionContext().setSessionCacheSize(SESSION_CACHE_SIZE);
        context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
        // Not by Netty's builder, which loads all of Bouncy Castle to look for something unused.
        return new JdkSslContext(
                context,
                false,
                CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                ApplicationProtocolConfig.DISABLED,
                ClientAuth.OPTIONAL,
                new String[] {"TLSv1.3", "TLSv1.2"},
                false);
    }

    /** Hands out the one identity that there is now; an alias stays with its identity. */
    private static final class Keys extends X509ExtendedKeyManager {
        private static final int KEPT = 8;

        private final ServingCertificate serving;
        private final Map<String, ServingIdentity> named = new ConcurrentHashMap<>();

        Keys(ServingCertificate serving) {
            this.serving = serving;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            ServingIdentity identity = serving.current();
            String algorithm = identity.key().getAlgorithm();
            boolean fits =
                    keyType.equals(algorithm)
                            || (keyType.startsWith("EC") && algorithm.startsWith("EC"))
                            || (keyType.startsWith("RSA") && algorithm.equals("RSA"));
            return fits ? alias(identity) : null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return chooseEngineServerAlias(keyType, issuers, null);
        }

        /** A rotation between the choice and the use must not mix two identities. */
        private String alias(ServingIdentity identity) {
            String alias = identity.leaf().getSerialNumber().toString(36);
            if (named.put(alias, identity) == null && named.size() > KEPT) {
                named.keySet().retainAll(Set.of(alias));
            }
            return alias;
        }

        private ServingIdentity identity(String alias) {
            return named.getOrDefault(alias, serving.current());
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity(alias).chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity(alias).key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {alias(serving.current())};
        }

        @Override
        public String @Nullable [] getClientAliases(
                String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    /** Names the authorities to the client and leaves the verdict to the authenticator. */
    private static final class AnyClient extends X509ExtendedTrustManager {
        private final ClientAuthorities authorities;

        AnyClient(ClientAuthorities authorities) {
            this.authorities = authorities;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.current().toArray(X509Certificate[]::new);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("not a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new IllegalStateException("not a client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new IllegalStateException("not a client");
        }
    }
}
