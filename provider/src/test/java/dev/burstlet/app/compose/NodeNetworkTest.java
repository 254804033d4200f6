package dev.burstlet.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.pod.BackendException;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> troubles = new LinkedBlockingQueue<>();
    private final CountDownLatch going = new CountDownLatch(1);
    private volatile boolean inUse;
    private volatile Runnable meanwhile = () -> {};
    private final NodeNetwork network = network(null);

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void aNodeThatIsSlowToRegisterGetsTheSubnetOfItsCluster() throws InterruptedException {
        network.begin(going::countDown);
        // Longer than a registered node is given.
        Thread.sleep(2_500);
        assertThat(asked).isEmpty();
        network.node(node(null));
        network.node(node("10.1.0.0/24"));

        assertThat(next()).isEqualTo("10.1.0.0/24");
        assertThat(going.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSubnetThatComesLateIsTakenAsSoonAsItCanBe() throws InterruptedException {
        network.begin(going::countDown);
        network.node(node(null));
        assertThat(next()).isEqualTo("any");
        assertThat(going.await(5, TimeUnit.SECONDS)).isTrue();
        Thread.sleep(100);
        network.telling(troubles::add);
        inUse = true;
        network.node(node("10.1.0.0/24"));
        assertThat(next()).isEqualTo("10.1.0.0/24");
        assertThat(troubles.poll(10, TimeUnit.SECONDS)).isEqualTo("in use");
        inUse = false;
        network.node(node("10.1.0.0/24"));

        assertThat(next()).isEqualTo("10.1.0.0/24");
        assertThat(troubles.poll(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(asked.poll(1_500, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aSubnetThatComesWhileTheNetworkIsMadeIsNotMissed() throws InterruptedException {
        network.begin(going::countDown);
        meanwhile = () -> network.node(node("10.1.0.0/24"));
        network.node(node(null));

        assertThat(next()).isEqualTo("any");
        assertThat(next()).isEqualTo("10.1.0.0/24");
        assertThat(going.await(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConfiguredSubnetAsksTheClusterForNone() throws InterruptedException {
        NodeNetwork own = network("10.9.0.0/24");
        own.begin(going::countDown);

        assertThat(next()).isEqualTo("10.9.0.0/24");
        assertThat(going.await(5, TimeUnit.SECONDS)).isTrue();
        own.node(node("10.1.0.0/24"));
        assertThat(asked.poll(300, TimeUnit.MILLISECONDS)).isNull();
        own.close();
    }

    private String next() throws InterruptedException {
        String subnet = asked.poll(10, TimeUnit.SECONDS);
        assertThat(subnet).as("the network's subnet").isNotNull();
        return subnet;
    }

    private NodeNetwork network(@Nullable String configured) {
        ContainerEngine engine =
                (ContainerEngine)
                        Proxy.newProxyInstance(
                                ContainerEngine.class.getClassLoader(),
                                new Class<?>[] {ContainerEngine.class},
                                (_, method, arguments) -> {
                                    assertThat(method.getName()).isEqualTo("ensureNetwork");
                                    NetworkSpec spec = (NetworkSpec) List.of(arguments).getFirst();
                                    boolean refused = inUse;
                                    meanwhile.run();
                                    asked.add(spec.subnet() == null ? "any" : spec.subnet());
                                    if (refused) {
                                        throw new BackendException(
                                                BackendException.Reason.CONFLICT, "in use");
                                    }
                                    return null;
                                });
        return new NodeNetwork(engine, new Owner("cluster", "node"), configured);
    }

    private static Node node(@Nullable String podCidr) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("node")
                .withCreationTimestamp(Instant.now().toString())
                .endMetadata()
                .withNewSpec()
                .withPodCIDR(podCidr)
                .endSpec()
                .build();
    }
}
