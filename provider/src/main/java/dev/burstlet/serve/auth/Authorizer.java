package dev.burstlet.serve.auth;

/** Says whether somebody may do something with this node. Blocks; safe for many threads. */
@FunctionalInterface
public interface Authorizer {
    /** False also where it could not be found out. */
    boolean allows(Identity identity, Access access) throws InterruptedException;
}
