package dev.burstlet.serve.auth;

import java.util.Optional;

/** Says who somebody is by what they show. Blocks; safe for many threads. */
@FunctionalInterface
public interface Authenticator {
    /** Empty where the credentials prove nothing, or nothing could be found out. */
    Optional<Identity> authenticate(Credentials credentials) throws InterruptedException;

    /** This one, and where it knows nothing, the other. */
    default Authenticator or(Authenticator other) {
        return credentials -> {
            Optional<Identity> identity = authenticate(credentials);
            return identity.isPresent() ? identity : other.authenticate(credentials);
        };
    }
}
