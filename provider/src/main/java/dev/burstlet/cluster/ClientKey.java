package dev.burstlet.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Client keys in forms that the client library reads: it takes every PKCS #8 key for an RSA one, so
 * an elliptic one is handed to it in the older form.
 */
final class ClientKey {
    private static final String PKCS8 = "BEGIN PRIVATE KEY";

    private ClientKey() {}

    static Config readable(Config config) {
        String pem = pem(config);
        if (pem == null || !pem.contains(PKCS8)) {
            return config;
        }
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PrivateKeyInfo info)) {
                return config;
            }
            PrivateKey key = new JcaPEMKeyConverter().getPrivateKey(info);
            if (!(key instanceof ECKey elliptic)) {
                return config;
            }
            byte[] older = traditional(info, elliptic).getBytes(StandardCharsets.US_ASCII);
            return new ConfigBuilder(config)
                    .withClientKeyFile(null)
                    .withClientKeyData(Base64.getEncoder().encodeToString(older))
                    .withClientKeyAlgo("EC")
                    .build();
        } catch (IOException e) {
            throw new IllegalArgumentException("the client key cannot be read: " + e, e);
        }
    }

    /** SEC 1, with the curve within the key. */
    private static String traditional(PrivateKeyInfo info, ECKey key) throws IOException {
        ECPrivateKey inner = ECPrivateKey.getInstance(info.parsePrivateKey());
        ECPrivateKey whole =
                new ECPrivateKey(
                        key.getParams().getOrder().bitLength(),
                        inner.getKey(),
                        inner.getPublicKey(),
                        info.getPrivateKeyAlgorithm().getParameters());
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject("EC PRIVATE KEY", whole.getEncoded()));
        }
        return text.toString();
    }

    private static @Nullable String pem(Config config) {
        if (config.getClientKeyData() != null) {
            byte[] decoded = Base64.getDecoder().decode(config.getClientKeyData());
            return new String(decoded, StandardCharsets.US_ASCII);
        }
        if (config.getClientKeyFile() != null) {
            try {
                return Files.readString(Path.of(config.getClientKeyFile()));
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "the client key cannot be read: " + config.getClientKeyFile(), e);
            }
        }
        return null;
    }
}
