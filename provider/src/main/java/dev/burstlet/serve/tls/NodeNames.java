package dev.burstlet.serve.tls;

import java.util.List;

/**
 * What a node's serving certificate is for.
 *
 * @param nodeName the Node's name
 * @param ips its addresses, literal
 * @param dnsNames its host names
 */
public record NodeNames(String nodeName, List<String> ips, List<String> dnsNames) {
    public NodeNames {
        ips = List.copyOf(ips);
        dnsNames = List.copyOf(dnsNames);
    }
}
