package dev.burstlet.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Labels;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.container.SandboxSpec.Namespaces;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.Subnets;
import dev.burstlet.docker.tool.LeftTools;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.pod.PodKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is Docker's own about the Docker engine; the rest is the contract's. */
class DockerEngineIT {
    private static final Owner OWNER = new Owner(UUID.randomUUID().toString(), "docker-it");
    private static final String SUBNET = Subnets.next();

    private static DockerEngine engine;
    private static EngineClient client;

    @BeforeAll
    static void open() {
        DockerImages.load();
        client = new EngineClient(DockerImages.settings());
        engine = new DockerEngine(DockerImages.settings(), InstantSource.system());
        engine.ensureNetwork(new NetworkSpec(OWNER, SUBNET, null));
    }

    @AfterAll
    static void clear() {
        engine.listPodSandboxes(Filter.all(OWNER)).forEach(s -> engine.removePodSandbox(s.id()));
        engine.listContainers(Filter.all(OWNER)).forEach(c -> engine.removeContainer(c.id()));
        client.call(Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(OWNER)));
        client.close();
        engine.close();
    }

    @Test
    void describesItselfAndItsHost() {
        EngineInfo info = engine.info();

        assertThat(info.scheme()).isEqualTo("docker");
        assertThat(info.system().containerRuntimeVersion()).startsWith("docker://");
        assertThat(info.cpuMillis()).isPositive();
        assertThat(info.memoryBytes()).isPositive();
        assertThat(info.diskBytes()).isPositive();
        assertThat(info.podCidr()).isEqualTo(SUBNET);
        assertThat(info.runtimeHandlers()).anyMatch(handler -> handler.name().equals("runc"));
    }

    @Test
    void resolvConfIsThePodsAndNotDockers() throws Exception {
        Dns dns = new Dns(List.of("10.0.0.10"), List.of("a.svc", "svc"), List.of("ndots:5"));
        SandboxSpec pod = pod(dns);
        String sandbox = engine.runPodSandbox(pod);

        String id = start(pod, sandbox, "c", "cat /etc/resolv.conf");

        assertThat(exit(id).exitCode()).isZero();
        assertThat(log(id)).isEqualTo("nameserver 10.0.0.10\nsearch a.svc svc\noptions ndots:5\n");
    }

    @Test
    void hostsResolvConfNamesItsRealServers() throws Exception {
        SandboxSpec pod = pod(Dns.HOST);
        String sandbox = engine.runPodSandbox(pod);

        String id = start(pod, sandbox, "c", "cat /etc/resolv.conf");

        exit(id);
        assertThat(log(id)).contains("nameserver ").doesNotContain("127.0.0.11");
    }

    @Test
    void podsReachEachOtherByAddress() throws Exception {
        SandboxSpec server = pod(Dns.HOST);
        String serverSandbox = engine.runPodSandbox(server);
        start(server, serverSandbox, "c", "while true; do echo hello | nc -l -p 8080; done");
        SandboxSpec asking = pod(Dns.HOST);
        String askingSandbox = engine.runPodSandbox(asking);

        String id =
                start(asking, askingSandbox, "c", retried("nc -w 2 " + address(server) + " 8080"));

        assertThat(exit(id).exitCode()).isZero();
        assertThat(log(id)).isEqualTo("hello\n");
    }

    @Test
    void imagesGroupsAreMergedUnlessThePolicyIsStrict() throws Exception {
        String image = DockerImages.withGroups("www:x:50:root");
        SandboxSpec pod = pod(Dns.HOST);
        String sandbox = engine.runPodSandbox(pod);

        String merged = start(pod, sandbox, image, "merged", "id -G", groups(false));
        String strict = start(pod, sandbox, image, "strict", "id -G", groups(true));

        exit(merged);
        exit(strict);
        assertThat(log(merged)).isEqualTo("7 50 3000\n");
        assertThat(log(strict)).isEqualTo("7 3000\n");
        assertThat(engine.containerStatus(merged).orElseThrow().user())
                .isEqualTo(new ContainerStatus.User(0, 7, List.of(7L, 50L, 3000L)));
    }

    private static SecuritySpec groups(boolean strict) {
        return new SecuritySpec(
                0L,
                7L,
                List.of(3000L),
                false,
                false,
                false,
                List.of(),
                List.of(),
                "",
                "",
                null,
                false,
                strict);
    }

    @Test
    void eventsTellOfEndsAndStartWithConnected() throws Exception {
        List<EngineEvent> events = new CopyOnWriteArrayList<>();
        try (AutoCloseable _ = engine.events(events::add)) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> events.contains(new EngineEvent.Connected()));
            SandboxSpec pod = pod(Dns.HOST);
            String sandbox = engine.runPodSandbox(pod);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> events.contains(new EngineEvent.PodChanged(pod.pod().uid())));
            engine.removePodSandbox(sandbox);
        }
    }

    @Test
    void listAsksOnceForWhatDoesNotChange() throws Exception {
        SandboxSpec pod = pod(Dns.HOST);
        String sandbox = engine.runPodSandbox(pod);
        String running = start(pod, sandbox, "running", "sleep 3600");
        String ended = start(pod, sandbox, "ended", "exit 3");
        exit(ended);
        Filter filter = new Filter(OWNER, pod.pod().uid());

        List<ContainerStatus> first = engine.listContainers(filter);

        assertThat(engine.listContainers(filter)).containsExactlyInAnyOrderElementsOf(first);
        assertThat(first)
                .filteredOn(status -> status.id().equals(running))
                .allMatch(ContainerStatus::running);
        engine.stopContainer(running, Duration.ZERO);
        assertThat(engine.listContainers(filter)).noneMatch(ContainerStatus::running);
    }

    @Test
    void podsInASubnetOfTheClustersAreDialledDirectlyFromTheEnginesHost() {
        assertThat(engine.info().features()).contains(EngineInfo.Feature.POD_NETWORK_ROUTED);
    }

    @Test
    void otherSubnetIsTakenOnlyWhileTheNetworkIsEmpty() {
        Owner owner = new Owner(OWNER.cluster(), "other-subnet");
        engine.ensureNetwork(new NetworkSpec(owner, Subnets.next(), null));
        String subnet = Subnets.next();
        engine.ensureNetwork(new NetworkSpec(owner, subnet, 1400));
        JsonNode network =
                client.call(Budget.QUERY, EngineRequest.get("/networks/" + Names.network(owner)));
        client.call(Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(owner)));
        engine.ensureNetwork(new NetworkSpec(OWNER, SUBNET, null));

        assertThat(network.path("IPAM").path("Config").path(0).path("Subnet").asText())
                .isEqualTo(subnet);
    }

    @Test
    void aNetworkThatMasqueradesMakesWayForOneThatDoesNot() {
        Owner owner = new Owner(OWNER.cluster(), "routed");
        NetworkSpec spec = new NetworkSpec(owner, Subnets.next(), null);
        engine.ensureNetwork(spec);
        EngineSettings of = DockerImages.settings();
        EngineSettings routed =
                new EngineSettings(
                        of.name(),
                        of.endpoint(),
                        of.tls(),
                        of.insecure(),
                        of.callTimeout(),
                        of.parallelism(),
                        Map.of("masquerade", "false"));
        try (DockerEngine other = new DockerEngine(routed, InstantSource.system())) {
            other.ensureNetwork(spec);
        }
        JsonNode network =
                client.call(Budget.QUERY, EngineRequest.get("/networks/" + Names.network(owner)));
        client.call(Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(owner)));
        engine.ensureNetwork(new NetworkSpec(OWNER, SUBNET, null));

        assertThat(network.at("/Options/com.docker.network.bridge.enable_ip_masquerade").asText())
                .isEqualTo("false");
        assertThat(network.at("/IPAM/Config/0/Subnet").asText()).isEqualTo(spec.subnet());
    }

    @Test
    void aPodsBridgeSendsBackWhatItSendsToItself() throws Exception {
        Path ports = Path.of("/sys/class/net/bl-" + lastOf(Names.network(OWNER), 12) + "/brif");
        assumeTrue(Files.isDirectory(ports), "the engine's bridges are not of this machine");
        engine.runPodSandbox(pod(Dns.HOST));
        try (Stream<Path> modes = Files.list(ports)) {
            assertThat(modes.map(port -> port.resolve("hairpin_mode")))
                    .isNotEmpty()
                    .allSatisfy(mode -> assertThat(mode).content().isEqualToIgnoringNewLines("1"));
        }
    }

    private static String lastOf(String text, int characters) {
        return text.substring(text.length() - characters);
    }

    @Test
    void whatAKilledProcessLeftIsRemovedLater() {
        ToolContainer left =
                ToolContainer.start(client.docker(), new ToolContainer.View(List.of(), false));
        LeftTools.remove(client.docker(), InstantSource.system());
        assertThat(client.docker().inspectContainerCmd(left.id()).exec().getState().getRunning())
                .isTrue();

        Instant later = Instant.now().plus(Duration.ofHours(2));
        LeftTools.remove(client.docker(), () -> later);

        assertThatThrownBy(() -> client.docker().inspectContainerCmd(left.id()).exec())
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void podsOfTwoNodesOnOneEngineReachEachOtherByTheirOwnAddresses() throws Exception {
        Owner other = new Owner(OWNER.cluster(), "docker-it-2");
        engine.ensureNetwork(new NetworkSpec(other, Subnets.next(), null));
        try {
            SandboxSpec server = pod(Dns.HOST);
            String serverSandbox = engine.runPodSandbox(server);
            String serving =
                    start(
                            server,
                            serverSandbox,
                            "c",
                            "sleep 9 | nc -l -p 8080 & while sleep 0.2; do cat /proc/net/tcp6; done");
            SandboxSpec asking = pod(other, Dns.HOST);
            String askingSandbox = engine.runPodSandbox(asking);

            String id =
                    start(
                            asking,
                            askingSandbox,
                            "c",
                            retried("sleep 3 | nc -w 5 " + address(server) + " 8080"));

            assertThat(exit(id).exitCode()).isZero();
            assertThat(log(serving)).contains(hex(address(asking)) + ":");
        } finally {
            engine.listContainers(Filter.all(other)).forEach(c -> engine.removeContainer(c.id()));
            engine.listPodSandboxes(Filter.all(other))
                    .forEach(sandbox -> engine.removePodSandbox(sandbox.id()));
            client.call(
                    Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(other)));
        }
    }

    private static String address(SandboxSpec pod) {
        return engine.listPodSandboxes(new Filter(pod.owner(), pod.pod().uid()))
                .getFirst()
                .ips()
                .getFirst();
    }

    /** Until the server listens. */
    private static String retried(String command) {
        return "for i in 1 2 3 4 5 6 7 8 9; do " + command + " && exit 0; sleep 0.3; done; exit 1";
    }

    /** As /proc/net/tcp and tcp6 have addresses. */
    private static String hex(String address) {
        StringBuilder hex = new StringBuilder();
        for (String part : List.of(address.split("[.]")).reversed()) {
            hex.append("%02X".formatted(Integer.parseInt(part)));
        }
        return hex.toString();
    }

    private static SandboxSpec pod(Dns dns) {
        return pod(OWNER, dns);
    }

    private static SandboxSpec pod(Owner owner, Dns dns) {
        String uid = UUID.randomUUID().toString();
        PodKey key = new PodKey("it", "pod-" + uid.substring(0, 8), uid);
        return new SandboxSpec(
                owner,
                key,
                0,
                key.name(),
                dns,
                List.of(),
                Namespaces.POD,
                Map.of(),
                SecuritySpec.DEFAULT,
                Resources.NONE,
                Resources.NONE,
                List.of(),
                "",
                "",
                Labels.sandbox(owner, key, 0),
                Map.of());
    }

    private static String start(SandboxSpec pod, String sandbox, String name, String script) {
        return start(pod, sandbox, DockerImages.BUSYBOX, name, script, SecuritySpec.DEFAULT);
    }

    private static String start(
            SandboxSpec pod,
            String sandbox,
            String reference,
            String name,
            String script,
            SecuritySpec security) {
        String image = engine.imageStatus(reference).orElseThrow().id();
        String id =
                engine.createContainer(
                        new ContainerSpec(
                                OWNER,
                                pod.pod(),
                                name,
                                ContainerKind.APP,
                                0,
                                sandbox,
                                pod,
                                reference,
                                image,
                                List.of("sh", "-c", script),
                                List.of(),
                                List.of(),
                                "",
                                List.of(),
                                Resources.NONE,
                                security,
                                false,
                                false,
                                false,
                                "",
                                null,
                                Map.of(Labels.HASH, "h"),
                                Map.of()));
        engine.startContainer(id);
        return id;
    }

    private static State.Exited exit(String id) {
        return (State.Exited)
                await().atMost(Duration.ofSeconds(30))
                        .until(
                                () -> engine.containerStatus(id).orElseThrow().state(),
                                state -> state instanceof State.Exited);
    }

    /** The log's text without the frames around its pieces. */
    private static String log(String id) throws Exception {
        byte[] framed =
                client.run(
                        Budget.QUERY,
                        () -> {
                            try (var response =
                                    client.open(
                                            EngineRequest.get(
                                                    "/containers/" + id + "/logs?stdout=1"))) {
                                return response.getBody().readAllBytes();
                            }
                        });
        StringBuilder text = new StringBuilder();
        for (int at = 0; at + 8 <= framed.length; ) {
            int length = java.nio.ByteBuffer.wrap(framed, at + 4, 4).getInt();
            text.append(new String(framed, at + 8, length, StandardCharsets.UTF_8));
            at += 8 + length;
        }
        return text.toString();
    }
}
