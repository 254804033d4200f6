package dev.burstlet.serve.tls;

import dev.burstlet.serve.auth.Certificates;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that the cluster's signer kubernetes.io/kubelet-serving issues, asked for anew when
 * four fifths of its life are over. Somebody has to approve each request. Until the first is issued
 * a self-signed one serves. With a store, a restart goes on with the certificate it had.
 */
public final class CsrCertificate implements ServingCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(CsrCertificate.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final double SPREAD = 0.1;
    private static final double ROTATE_AT = 0.8;

    private final SigningRequest request;
    private final NodeNames names;
    private final InstantSource clock;
    private final ServingCertificate meanwhile;
    private final @Nullable CertificateStore store;
    private final Thread thread;
    private volatile @Nullable ServingIdentity issued;

    /**
     * Begins to ask.
     *
     * @param store where the key and certificate outlive this process, or null for nowhere
     */
    public CsrCertificate(
            KubernetesClient client,
            NodeNames names,
            InstantSource clock,
            @Nullable CertificateStore store) {
        this.request = new SigningRequest(client, names);
        this.names = names;
        this.clock = clock;
        this.meanwhile = new SelfSignedCertificate(names, clock);
        this.store = store;
        this.issued = store == null ? null : store.read(names, clock.instant()).orElse(null);
        this.thread =
                Thread.ofVirtual()
                        .name("serving certificate " + names.nodeName())
                        .start(this::keep);
    }

    @Override
    public ServingIdentity current() {
        ServingIdentity identity = issued;
        boolean usable =
                identity != null
                        && clock.instant().isBefore(identity.leaf().getNotAfter().toInstant());
        return identity != null && usable ? identity : meanwhile.current();
    }

    /** Whether the cluster's certificate is being served. */
    public boolean ready() {
        return issued != null;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void keep() {
        Duration retry = FIRST_RETRY;
        try {
            while (true) {
                Thread.sleep(untilRotation());
                if (renew()) {
                    retry = FIRST_RETRY;
                } else {
                    Thread.sleep(jittered(retry));
                    retry = shorter(retry.multipliedBy(2), LONGEST_RETRY);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("no more certificates for {}", names.nodeName());
        }
    }

    private boolean renew() throws InterruptedException {
        try {
            KeyPair pair = KeyPairs.ecdsaP256();
            ServingIdentity fresh =
                    new ServingIdentity(pair.getPrivate(), Certificates.parse(request.sign(pair)));
            if (!fresh.leaf().getPublicKey().equals(pair.getPublic())) {
                throw new IOException("the certificate is for another key");
            }
            issued = fresh;
            LOG.info(
                    "serving certificate of {} issued until {}",
                    names.nodeName(),
                    fresh.leaf().getNotAfter().toInstant());
            if (store != null) {
                store.write(fresh);
            }
            return true;
        } catch (KubernetesClientException | IOException e) {
            LOG.warn("no serving certificate for {}: {}", names.nodeName(), e.getMessage());
            return false;
        }
    }

    private Duration untilRotation() {
        ServingIdentity identity = issued;
        if (identity == null) {
            return Duration.ZERO;
        }
        Instant begin = identity.leaf().getNotBefore().toInstant();
        Duration life = Duration.between(begin, identity.leaf().getNotAfter().toInstant());
        long rotate = (long) (life.toMillis() * ROTATE_AT * (1 - SPREAD * random()));
        Duration left = Duration.between(clock.instant(), begin.plusMillis(rotate));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration jittered(Duration duration) {
        return Duration.ofMillis((long) (duration.toMillis() * (1 + SPREAD * random())));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
