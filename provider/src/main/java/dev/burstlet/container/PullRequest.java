package dev.burstlet.container;

import java.time.Duration;
import java.util.List;

/**
 * A pull.
 *
 * @param credentials those that match the image, tried in order; without any only where there are
 *     none
 * @param progressDeadline the pull is given up when no byte came for so long
 */
public record PullRequest(
        String reference,
        List<Credential> credentials,
        Duration progressDeadline,
        String runtimeHandler) {
    public PullRequest {
        credentials = List.copyOf(credentials);
    }

    /** A registry login. */
    public record Credential(
            String server, String username, String password, String identityToken) {
        /** Without the secrets. */
        @Override
        public String toString() {
            return username + "@" + server;
        }
    }
}
