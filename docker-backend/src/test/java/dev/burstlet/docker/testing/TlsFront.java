package dev.burstlet.docker.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The engine on this machine as a remote one: TLS on loopback with certificates of both sides,
 * every byte passed to and from the engine's unix socket. Its PEM files lie in the given folder.
 */
public final class TlsFront implements AutoCloseable {
    private static final Duration DAY = Duration.ofDays(1);

    private final SSLServerSocket listener;
    private final Path socket;
    private final Path folder;
    private final KeyPair authorityKeys;
    private final X509Certificate authority;

    public TlsFront(Path socket, Path folder) {
        this.socket = socket;
        this.folder = folder;
        try {
            authorityKeys = keys();
            authority = certificate("authority", authorityKeys, true);
            write("ca.pem", authority);
            client("client");
            listener = listen();
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /**
     * Writes the certificate and key of a client of this name: {@code NAME.pem}, {@code NAME.key}.
     */
    public void client(String name)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair pair = keys();
        write(name + ".pem", certificate(name, pair, false));
        write(name + ".key", pair.getPrivate());
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SSLServerSocket listen()
            throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair pair = keys();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority);
        store.setKeyEntry(
                "server",
                pair.getPrivate(),
                new char[0],
                new Certificate[] {certificate("server", pair, false)});
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        SSLServerSocket socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        return socket;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed, or a client that did not come through.
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client;
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.startHandshake();
            engine.connect(UnixDomainSocketAddress.of(socket));
            Thread up =
                    Thread.ofVirtual()
                            .start(() -> {
                                copy(Channels.newOutputStream(engine), client);
                                try {
                                    engine.shutdownOutput();
                                } catch (IOException e) {
                                    // The engine has closed before.
                                }
                            });
            Channels.newInputStream(engine).transferTo(client.getOutputStream());
            client.shutdownOutput();
            up.join(1000);
        } catch (IOException e) {
            // A client without a certificate, or one that left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(OutputStream to, SSLSocket from) {
        try {
            // Not closed: that would close the socket in both directions.
            from.getInputStream().transferTo(to);
        } catch (IOException e) {
            // Either side has left.
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private X509Certificate certificate(String name, KeyPair keys, boolean isAuthority)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        Instant now = InstantSource.system().instant();
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        new X500Name("CN=authority"),
                        BigInteger.valueOf(System.nanoTime()),
                        Date.from(now.minus(DAY)),
                        Date.from(now.plus(DAY)),
                        new X500Name("CN=" + name),
                        keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withRSA")
                                        .build(authorityKeys.getPrivate())));
    }

    private void write(String file, Object content) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        Files.writeString(folder.resolve(file), text.toString());
    }
}
