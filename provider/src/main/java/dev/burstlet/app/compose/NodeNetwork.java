package dev.burstlet.app.compose;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.pod.BackendException;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a node's pod network before its first pod: in the configured subnet, else in the one that
 * the cluster hands out, else where the engine likes. A cluster that hands out subnets does so a
 * moment after the node is created, so a new node is given that moment; where it takes longer, or
 * hands out another one, the network is made anew as soon as no pod is in it.
 */
final class NodeNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeNetwork.class);
    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final Duration REGISTRATION = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ContainerEngine engine;
    private final Owner owner;
    private final @Nullable String configured;
    private final CountDownLatch registered = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile @Nullable String handedOut;
    private volatile @Nullable String asked;
    private volatile boolean going;
    private volatile String told = "";
    private volatile Consumer<String> trouble = _ -> {};
    private @Nullable Thread making;

    NodeNetwork(ContainerEngine engine, Owner owner, @Nullable String configured) {
        this.engine = engine;
        this.owner = owner;
        this.configured = configured;
    }

    /** Who is told why there is not the network that should be, and by an empty text of its end. */
    void telling(Consumer<String> listener) {
        trouble = listener;
    }

    /** The node as the API server has it. */
    void node(Node node) {
        String cidr = node.getSpec() == null ? null : node.getSpec().getPodCIDR();
        registered.countDown();
        if (cidr != null && !cidr.isEmpty()) {
            handedOut = cidr;
            answered.countDown();
            makeAnew();
        } else if (isOld(node)) {
            answered.countDown();
        }
    }

    /**
     * Makes the network in the background, as often as it takes, then goes on; at once where pods
     * live in one of another subnet, as after the node was deleted and handed out a new one.
     */
    synchronized void begin(Runnable then) {
        stop();
        making = Thread.ofVirtual().name("network-" + owner.node()).start(() -> make(then));
    }

    synchronized void stop() {
        going = false;
        if (making != null) {
            making.interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void make(Runnable then) {
        try {
            awaitSubnet();
            boolean begun = false;
            Outcome outcome = made();
            for (Duration pause = FIRST_PAUSE; outcome != Outcome.MADE; pause = longer(pause)) {
                if (outcome == Outcome.OTHER_IN_USE && !begun) {
                    begun = true;
                    goOn(then);
                }
                Thread.sleep(pause);
                outcome = made();
            }
            if (!begun) {
                goOn(then);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void goOn(Runnable then) {
        then.run();
        going = true;
        // It may have been handed out while the network was being made.
        makeAnew();
    }

    private void makeAnew() {
        if (going && !Objects.equals(wanted(), asked)) {
            begin(() -> {});
        }
    }

    private @Nullable String wanted() {
        return configured != null ? configured : handedOut;
    }

    private void awaitSubnet() throws InterruptedException {
        if (configured != null) {
            return;
        }
        var _ = registered.await(REGISTRATION.toMillis(), TimeUnit.MILLISECONDS);
        if (!answered.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.info(
                    "The cluster hands out no pod subnet to node {}: the engine chooses one",
                    owner.node());
        }
    }

    /** A network that pods are in is theirs until the last is gone, and serves new ones as well. */
    private enum Outcome {
        MADE,
        OTHER_IN_USE,
        FAILED
    }

    private Outcome made() {
        String subnet = wanted();
        asked = subnet;
        try {
            engine.ensureNetwork(new NetworkSpec(owner, subnet, null));
            if (!told.isEmpty()) {
                told = "";
                trouble.accept("");
            }
            return Outcome.MADE;
        } catch (BackendException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(told)) {
                LOG.warn("The pod network of node {} cannot be made: {}", owner.node(), why);
                told = why;
                trouble.accept(why);
            }
            return e.reason() == BackendException.Reason.CONFLICT
                    ? Outcome.OTHER_IN_USE
                    : Outcome.FAILED;
        }
    }

    private static boolean isOld(Node node) {
        String created = node.getMetadata().getCreationTimestamp();
        return created != null
                && Instant.parse(created)
                        .plusSeconds(30)
                        .isBefore(java.time.InstantSource.system().instant());
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
