package dev.burstlet.engine.desired;

import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Slim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of services that every container gets, in both forms of the Kubernetes
 * documentation ("Environment variables" of services): {@code SVC_SERVICE_HOST} and the older link
 * variables.
 */
final class ServiceEnvironment {
    private static final String API_SERVER = "kubernetes";

    private ServiceEnvironment() {}

    static Map<String, String> of(PodBundle bundle, TranslationSettings settings) {
        Map<String, Address> addresses = new LinkedHashMap<>();
        TranslationSettings.ApiServer override = settings.apiServer();
        if (override != null) {
            addresses.put(API_SERVER, Address.of(override));
        }
        String namespace = bundle.key().namespace();
        boolean links = !Boolean.FALSE.equals(bundle.pod().getSpec().getEnableServiceLinks());
        for (Service service : bundle.services()) {
            String name = service.getMetadata().getName();
            if (!hasClusterIp(service)) {
                continue;
            }
            if ("default".equals(service.getMetadata().getNamespace()) && API_SERVER.equals(name)) {
                addresses.putIfAbsent(name, Address.of(service));
            } else if (links && namespace.equals(service.getMetadata().getNamespace())) {
                addresses.put(name, Address.of(service));
            }
        }
        Map<String, String> variables = new LinkedHashMap<>();
        addresses.forEach((name, address) -> put(variables, variable(name), address));
        Map<String, String> shared = LinkedHashMap.newLinkedHashMap(variables.size());
        variables.forEach((name, value) -> shared.put(Slim.word(name), Slim.word(value)));
        return shared;
    }

    private static boolean hasClusterIp(Service service) {
        @Nullable String ip = service.getSpec() == null ? null : service.getSpec().getClusterIP();
        return ip != null && !ip.isEmpty() && !ip.equals("None");
    }

    private static void put(Map<String, String> variables, String prefix, Address address) {
        variables.put(prefix + "_SERVICE_HOST", address.host());
        if (address.ports().isEmpty()) {
            return;
        }
        variables.put(prefix + "_SERVICE_PORT", address.ports().getFirst().number());
        for (Port port : address.ports()) {
            if (!port.name().isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + variable(port.name()), port.number());
            }
        }
        variables.put(prefix + "_PORT", address.url(address.ports().getFirst()));
        for (Port port : address.ports()) {
            String link =
                    prefix
                            + "_PORT_"
                            + port.number()
                            + "_"
                            + port.protocol().toUpperCase(Locale.ROOT);
            variables.put(link, address.url(port));
            variables.put(link + "_PROTO", port.protocol());
            variables.put(link + "_PORT", port.number());
            variables.put(link + "_ADDR", address.host());
        }
    }

    private static String variable(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private record Address(String host, List<Port> ports) {
        static Address of(Service service) {
            return new Address(
                    service.getSpec().getClusterIP(),
                    service.getSpec().getPorts().stream().map(Port::of).toList());
        }

        static Address of(TranslationSettings.ApiServer server) {
            return new Address(
                    server.host(),
                    List.of(new Port("https", Integer.toString(server.port()), "tcp")));
        }

        String url(Port port) {
            String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
            return port.protocol() + "://" + literal + ":" + port.number();
        }
    }

    /** A port with its protocol in lower case. */
    private record Port(String name, String number, String protocol) {
        static Port of(ServicePort port) {
            String protocol = port.getProtocol() == null ? "tcp" : port.getProtocol();
            return new Port(
                    port.getName() == null ? "" : port.getName(),
                    Integer.toString(port.getPort()),
                    protocol.toLowerCase(Locale.ROOT));
        }
    }
}
