package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which versions and ciphers of TLS the server takes. */
class TlsTest {
    private static final int ALERT = 21;
    private static final int PROTOCOL_VERSION = 70;

    private ServerFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.3, TLS_AES_128_GCM_SHA256",
        "TLSv1.3, TLS_CHACHA20_POLY1305_SHA256",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLSv1.2, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
    })
    void modernOnesAreTaken(String protocol, String cipher) throws IOException {
        try (SSLSocket socket = socket(protocol, cipher)) {
            socket.startHandshake();
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(socket.getSession().getCipherSuite()).isEqualTo(cipher);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
            })
    void weakCiphersAreNot(String cipher) throws IOException {
        try (SSLSocket socket = socket("TLSv1.2", cipher)) {
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    private SSLSocket socket(String protocol, String cipher) throws IOException {
        SSLSocket socket = fixture.socket(null);
        socket.setSoTimeout(20_000);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.setEnabledCipherSuites(new String[] {cipher});
        return socket;
    }

    /** By hand, as no client here would offer it. */
    @ParameterizedTest
    @ValueSource(strings = {"0301", "0302"})
    void oldVersionsAreRefused(String version) throws IOException {
        byte[] hello =
                HexFormat.of()
                        .parseHex(
                                "010000"
                                        + "3b"
                                        + version
                                        + "00".repeat(32)
                                        + "00" // no session
                                        + "0004c009c013" // two ciphers of those times
                                        + "0100" // no compression
                                        + "000e"
                                        + "000a000400020017" // P-256
                                        + "000b00020100"); // plain points
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port())) {
            socket.setSoTimeout(20_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeByte(22);
            out.writeShort(0x0301);
            out.writeShort(hello.length);
            out.write(hello);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(in.readUnsignedByte()).isEqualTo(ALERT);
            assertThat(in.readShort()).isPositive();
            assertThat(in.readShort()).isEqualTo((short) 2);
            assertThat(in.readUnsignedByte()).as("fatal").isEqualTo(2);
            assertThat(in.readUnsignedByte()).isEqualTo(PROTOCOL_VERSION);
        }
    }

    @Test
    void othersAreServedMeanwhile() throws IOException {
        try (WireClient client = fixture.connect()) {
            assertThat(client.request("GET", "/healthz", ServerFixture.ADMIN).head().status())
                    .isEqualTo(200);
        }
    }
}
