package dev.burstlet.serve.auth;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server's TokenReview who a bearer token belongs to. Answers are kept by the token's
 * hash, good ones for two minutes as the kubelet does, bad ones for ten seconds; failed reviews are
 * not kept. Few reviews run at once, so that a flood of made-up tokens does not reach the server.
 */
public final class TokenAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAuthenticator.class);
    private static final Duration GOOD = Duration.ofMinutes(2);
    private static final Duration BAD = Duration.ofSeconds(10);
    private static final int MAX_TOKEN_LENGTH = 32 << 10;
    private static final int MAX_ENTRIES = 4096;
    private static final int MAX_REVIEWS = 16;

    private final KubernetesClient client;
    private final ExpiringCache<String, Optional<Identity>> known;
    private final Semaphore reviews = new Semaphore(MAX_REVIEWS);

    public TokenAuthenticator(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.known = new ExpiringCache<>(clock, MAX_ENTRIES);
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) throws InterruptedException {
        String token = credentials.bearerToken();
        if (token == null || token.length() > MAX_TOKEN_LENGTH) {
            return Optional.empty();
        }
        String hash = hash(token);
        Optional<Optional<Identity>> cached = known.get(hash);
        if (cached.isPresent()) {
            return cached.get();
        }
        reviews.acquire();
        try {
            Optional<Identity> identity = review(token);
            known.put(hash, identity, identity.isPresent() ? GOOD : BAD);
            return identity;
        } catch (KubernetesClientException e) {
            LOG.warn("TokenReview failed: {}", e.getMessage());
            return Optional.empty();
        } finally {
            reviews.release();
        }
    }

    private Optional<Identity> review(String token) {
        TokenReview asked =
                new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
        TokenReviewStatus status = client.tokenReviews().create(asked).getStatus();
        if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
            return Optional.empty();
        }
        UserInfo user = status.getUser();
        if (user == null || user.getUsername() == null || user.getUsername().isEmpty()) {
            return Optional.empty();
        }
        String uid = user.getUid() == null ? "" : user.getUid();
        List<String> groups = user.getGroups() == null ? List.of() : user.getGroups();
        Map<String, List<String>> extra = user.getExtra() == null ? Map.of() : user.getExtra();
        return Optional.of(Identity.authenticated(user.getUsername(), uid, groups, extra));
    }

    private static String hash(String token) {
        try {
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
