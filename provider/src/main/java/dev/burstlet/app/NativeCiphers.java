package dev.burstlet.app;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import org.slf4j.LoggerFactory;

/**
 * The ciphers, digests and signatures of AWS-LC in place of the JDK's, where the launcher found the
 * library for this machine. They are fast from the first byte; the JDK's are so only once its
 * second compiler has been at work, which the launcher leaves out then: docs/decisions/0045.
 */
final class NativeCiphers {
    /**
     * Set by the launcher; read by the library too, which then looks in {@code java.library.path}.
     */
    private static final String FOUND = "com.amazon.corretto.crypto.provider.useExternalLib";

    private NativeCiphers() {}

    /**
     * Makes them the first choice of this process. Where the library cannot be loaded the JDK's
     * stay, with a warning.
     */
    static void install() {
        if (!Boolean.getBoolean(FOUND)) {
            return;
        }
        AmazonCorrettoCryptoProvider.install();
        Throwable failure = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        if (failure != null) {
            LoggerFactory.getLogger(NativeCiphers.class)
                    .warn(
                            "The JDK's own, slower ciphers are used: the native ones cannot be loaded: {}",
                            failure.toString());
        }
    }
}
