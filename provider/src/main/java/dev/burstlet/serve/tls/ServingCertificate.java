package dev.burstlet.serve.tls;

/** Where a listener's certificate comes from. Safe for many threads. */
@FunctionalInterface
public interface ServingCertificate extends AutoCloseable {
    /** The certificate for the next handshake; never blocks for long. */
    ServingIdentity current();

    @Override
    default void close() {}
}
