package dev.burstlet.docker.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.Labels;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.Endpoint;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The bridge network that the pods of one owner join, with a subnet of its own. */
public final class PodNetwork {
    private static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";

    private final EngineClient client;
    private final NetworkOptions options;
    private final Hairpin hairpin = new Hairpin();
    private final Forwarding forwarding = new Forwarding();
    private final Map<Owner, NetworkSpec> wanted = new ConcurrentHashMap<>();
    private volatile @Nullable Subnet latest;

    public PodNetwork(EngineClient client, NetworkOptions options) {
        this.client = client;
        this.options = options;
    }

    /**
     * Makes the network, or takes the one that is there.
     *
     * @throws BackendException CONFLICT where one of another form is in use, or where the subnet is
     *     taken on the host
     */
    public void ensure(NetworkSpec spec) {
        wanted.put(spec.owner(), spec);
        String name = Names.network(spec.owner());
        @Nullable JsonNode found = find(name);
        if (found != null && !fits(found, spec)) {
            latest = subnet(found);
            discard(name, found, spec);
            found = null;
        }
        if (found == null) {
            found = create(name, spec);
        }
        latest = subnet(found);
        hairpin.allow(bridge(name));
        forwarding.join(net(found), others(spec.owner()));
    }

    /** The networks of the same cluster's other nodes on this engine. */
    private List<Forwarding.Net> others(Owner owner) {
        String filter =
                "{\"label\":[\"%s=%s\",\"%s=network\"]}"
                        .formatted(Labels.CLUSTER, owner.cluster(), Labels.KIND);
        JsonNode networks =
                client.call(
                        Budget.QUERY,
                        EngineRequest.get("/networks?filters=" + EngineRequest.encode(filter)));
        List<Forwarding.Net> others = new ArrayList<>();
        for (JsonNode network : networks) {
            if (!network.path("Name").asText().equals(Names.network(owner))) {
                others.add(net(network));
            }
        }
        return others;
    }

    private static Forwarding.Net net(JsonNode network) {
        return new Forwarding.Net(bridge(network.path("Name").asText()), subnet(network).cidr());
    }

    /** A sandbox has joined the network of an owner. */
    public void joined(Owner owner) {
        hairpin.allow(bridge(Names.network(owner)));
    }

    /** Interface names have at most 15 characters. */
    private static String bridge(String network) {
        return "bl-" + network.substring(network.length() - 12);
    }

    /** Makes the network of an owner again as it was last wanted. */
    public void restore(Owner owner) {
        ensure(wanted.getOrDefault(owner, new NetworkSpec(owner, null, null)));
    }

    /** The subnet of the network that was made last; empty before. */
    public String podCidr() {
        @Nullable Subnet known = latest;
        return known == null ? "" : known.cidr();
    }

    /** Whether pods' addresses are routed from where this process runs. */
    public boolean routed() {
        @Nullable Boolean told = options.routed();
        if (told != null) {
            return told;
        }
        return client.endpoint() instanceof Endpoint.Unix && isLocal(knownSubnet().gateway());
    }

    /** Before the pods' own network is made, the engine's tells as well whose host this is. */
    private Subnet knownSubnet() {
        @Nullable Subnet known = latest;
        if (known != null) {
            return known;
        }
        @Nullable JsonNode usual = find("bridge");
        return usual == null ? new Subnet("", "") : subnet(usual);
    }

    private @Nullable JsonNode find(String name) {
        EngineAnswer answer =
                client.send(
                        Budget.QUERY, client.callTimeout(), EngineRequest.get("/networks/" + name));
        if (answer.status() == 404) {
            return null;
        }
        if (!answer.ok()) {
            throw client.failure(answer);
        }
        return client.parse(answer);
    }

    private JsonNode create(String name, NetworkSpec spec) {
        EngineAnswer answer =
                client.send(
                        Budget.LIFECYCLE,
                        client.callTimeout(),
                        EngineRequest.post("/networks/create", body(name, spec)));
        // 409: made by another call meanwhile.
        if (!answer.ok() && answer.status() != 409) {
            throw refused(answer, spec);
        }
        @Nullable JsonNode made = find(name);
        if (made == null || !fits(made, spec)) {
            throw new BackendException(
                    Reason.CONFLICT, "network " + name + " was changed by someone else meanwhile");
        }
        return made;
    }

    private BackendException refused(EngineAnswer answer, NetworkSpec spec) {
        return new BackendException(
                answer.status() == 400 ? Reason.INVALID : Reason.CONFLICT,
                "Docker host "
                        + client.host()
                        + ": the pod network "
                        + (spec.subnet() == null ? "" : spec.subnet() + " ")
                        + "cannot be made: "
                        + answer.message());
    }

    private ObjectNode body(String name, NetworkSpec spec) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Name", name).put("Driver", "bridge").put("CheckDuplicate", true);
        if (spec.subnet() != null) {
            ObjectNode ipam = body.putObject("IPAM").put("Driver", "default");
            ipam.putArray("Config").addObject().put("Subnet", spec.subnet());
        }
        ObjectNode driver = body.putObject("Options");
        driver.put("com.docker.network.bridge.name", bridge(name));
        driver.put("com.docker.network.bridge.enable_icc", "true");
        driver.put(MASQUERADE, Boolean.toString(options.masquerade()));
        if (spec.mtu() != null) {
            driver.put("com.docker.network.driver.mtu", spec.mtu().toString());
        }
        body.putObject("Labels")
                .put(Labels.CLUSTER, spec.owner().cluster())
                .put(Labels.NODE, spec.owner().node())
                .put(Labels.KIND, "network");
        return body;
    }

    /** Whether a network that is there is as it is wanted, as far as that can be told. */
    private boolean fits(JsonNode network, NetworkSpec spec) {
        boolean masqueraded = network.path("Options").path(MASQUERADE).asBoolean(true);
        return masqueraded == options.masquerade()
                && (spec.subnet() == null || spec.subnet().equals(subnet(network).cidr()));
    }

    private void discard(String name, JsonNode network, NetworkSpec spec) {
        if (!network.path("Containers").isEmpty()) {
            throw new BackendException(
                    Reason.CONFLICT,
                    "Docker host "
                            + client.host()
                            + ": network "
                            + name
                            + " has subnet "
                            + subnet(network).cidr()
                            + " where "
                            + (spec.subnet() == null ? "any" : spec.subnet())
                            + (options.masquerade() ? "" : " without masquerading")
                            + " is wanted, and "
                            + network.path("Containers").size()
                            + " containers are in it");
        }
        EngineAnswer answer =
                client.send(
                        Budget.LIFECYCLE,
                        client.callTimeout(),
                        EngineRequest.delete("/networks/" + name));
        if (!answer.ok() && answer.status() != 404) {
            throw client.failure(answer);
        }
    }

    private record Subnet(String cidr, String gateway) {}

    private static Subnet subnet(JsonNode network) {
        JsonNode config = network.path("IPAM").path("Config").path(0);
        String cidr = config.path("Subnet").asText("");
        String gateway = config.path("Gateway").asText("").replaceFirst("/.*", "");
        return new Subnet(cidr, gateway.isEmpty() ? firstAddress(cidr) : gateway);
    }

    /** The bridge's own, which the engine tells only of subnets that it chose itself. */
    private static String firstAddress(String cidr) {
        if (cidr.isEmpty()) {
            return "";
        }
        try {
            byte[] address = InetAddress.getByName(cidr.replaceFirst("/.*", "")).getAddress();
            address[address.length - 1]++;
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            return "";
        }
    }

    private static boolean isLocal(String address) {
        try {
            return !address.isEmpty()
                    && NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }
}
