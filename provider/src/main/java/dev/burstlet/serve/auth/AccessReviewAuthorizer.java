package dev.burstlet.serve.auth;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server's SubjectAccessReview about this node. Answers are kept as the kubelet keeps
 * them, a yes for five minutes and a no for thirty seconds; failed reviews are a no and not kept.
 */
public final class AccessReviewAuthorizer implements Authorizer {
    private static final Logger LOG = LoggerFactory.getLogger(AccessReviewAuthorizer.class);
    private static final Duration YES = Duration.ofMinutes(5);
    private static final Duration NO = Duration.ofSeconds(30);
    private static final int MAX_ENTRIES = 4096;
    private static final int MAX_REVIEWS = 16;

    private final KubernetesClient client;
    private final String nodeName;
    private final ExpiringCache<Question, Boolean> known;
    private final Semaphore reviews = new Semaphore(MAX_REVIEWS);

    public AccessReviewAuthorizer(KubernetesClient client, String nodeName, InstantSource clock) {
        this.client = client;
        this.nodeName = nodeName;
        this.known = new ExpiringCache<>(clock, MAX_ENTRIES);
    }

    @Override
    public boolean allows(Identity identity, Access access) throws InterruptedException {
        Question question = new Question(identity, access);
        Optional<Boolean> cached = known.get(question);
        if (cached.isPresent()) {
            return cached.get();
        }
        reviews.acquire();
        try {
            boolean allowed = review(identity, access);
            known.put(question, allowed, allowed ? YES : NO);
            return allowed;
        } catch (KubernetesClientException e) {
            LOG.warn("SubjectAccessReview for {} failed: {}", identity.name(), e.getMessage());
            return false;
        } finally {
            reviews.release();
        }
    }

    private boolean review(Identity identity, Access access) {
        SubjectAccessReview asked =
                new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(identity.name())
                        .withUid(identity.uid())
                        .withGroups(identity.groups())
                        .withExtra(identity.extra())
                        .withNewResourceAttributes()
                        .withVerb(access.verb())
                        .withGroup("")
                        .withVersion("v1")
                        .withResource("nodes")
                        .withSubresource(access.subresource())
                        .withName(nodeName)
                        .endResourceAttributes()
                        .endSpec()
                        .build();
        SubjectAccessReviewStatus status =
                client.authorization().v1().subjectAccessReview().create(asked).getStatus();
        return status != null
                && Boolean.TRUE.equals(status.getAllowed())
                && !Boolean.TRUE.equals(status.getDenied());
    }

    private record Question(Identity identity, Access access) {}
}
