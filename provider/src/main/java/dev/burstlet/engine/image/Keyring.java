package dev.burstlet.engine.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.container.PullRequest.Credential;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The registry logins of a pod's pull secrets, matched to images as the kubelet matches them
 * (Kubernetes documentation, "Images: Interpretation of config.json"): host parts may hold globs, a
 * path matches as a prefix, the most specific entry comes first.
 */
final class Keyring {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Entry> entries;

    private Keyring(List<Entry> entries) {
        this.entries = entries;
    }

    private record Entry(String host, String path, Credential credential) {}

    static Keyring of(Collection<Reference<Secret>> secrets) {
        List<Entry> entries = new ArrayList<>();
        for (Reference<Secret> secret : secrets) {
            if (secret instanceof Reference.Present<Secret>(Secret value)) {
                read(value, entries);
            }
        }
        entries.sort(Comparator.comparing((Entry entry) -> entry.host() + entry.path()).reversed());
        return new Keyring(entries);
    }

    /** The logins for this image, the most specific first. */
    List<Credential> matching(ImageName image) {
        return entries.stream()
                .filter(entry ->
                        hostMatches(entry.host(), image.registry())
                                && pathMatches(entry.path(), image))
                .map(Entry::credential)
                .distinct()
                .toList();
    }

    private static void read(Secret secret, List<Entry> entries) {
        @Nullable JsonNode config = decode(secret, ".dockerconfigjson");
        @Nullable JsonNode auths =
                config == null ? decode(secret, ".dockercfg") : config.get("auths");
        if (auths != null) {
            for (Map.Entry<String, JsonNode> auth : auths.properties()) {
                add(auth.getKey(), auth.getValue(), entries);
            }
        }
    }

    private static @Nullable JsonNode decode(Secret secret, String key) {
        @Nullable String data = secret.getData() == null ? null : secret.getData().get(key);
        if (data == null) {
            return null;
        }
        try {
            return JSON.readTree(
                    new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // A secret that cannot be read is no credential; the pull then says what is missing.
            return null;
        }
    }

    private static void add(String server, JsonNode auth, List<Entry> entries) {
        String user = auth.path("username").asText("");
        String password = auth.path("password").asText("");
        String joined = auth.path("auth").asText("");
        if (!joined.isEmpty()) {
            try {
                String plain =
                        new String(Base64.getDecoder().decode(joined), StandardCharsets.UTF_8);
                int colon = plain.indexOf(':');
                if (colon > 0) {
                    user = plain.substring(0, colon);
                    password = plain.substring(colon + 1).replace("\0", "");
                }
            } catch (IllegalArgumentException e) {
                return;
            }
        }
        String bare =
                server.replaceFirst("^https?://", "")
                        .replaceFirst("/v[12]/?$", "")
                        .replaceFirst("/+$", "");
        int slash = bare.indexOf('/');
        String host = slash < 0 ? bare : bare.substring(0, slash);
        String path = slash < 0 ? "" : bare.substring(slash);
        entries.add(
                new Entry(
                        normalHost(host),
                        path,
                        new Credential(
                                server, user, password, auth.path("identitytoken").asText(""))));
    }

    private static String normalHost(String host) {
        return host.equals("index.docker.io") || host.equals("registry-1.docker.io")
                ? "docker.io"
                : host;
    }

    private static boolean pathMatches(String path, ImageName image) {
        return path.isEmpty() || ("/" + image.repository()).startsWith(path);
    }

    /** Part by part: a glob does not reach over a dot; ports must be equal. */
    private static boolean hostMatches(String glob, String registry) {
        String[] wanted = hostAndPort(glob);
        String[] actual = hostAndPort(registry);
        String[] wantedParts = wanted[0].split("\\.", -1);
        String[] actualParts = actual[0].split("\\.", -1);
        if (wantedParts.length != actualParts.length || !wanted[1].equals(actual[1])) {
            return false;
        }
        for (int i = 0; i < wantedParts.length; i++) {
            if (!globMatches(wantedParts[i], actualParts[i])) {
                return false;
            }
        }
        return true;
    }

    private static String[] hostAndPort(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0
                ? new String[] {address, ""}
                : new String[] {address.substring(0, colon), address.substring(colon + 1)};
    }

    private static boolean globMatches(String glob, String part) {
        if (glob.indexOf('*') < 0 && glob.indexOf('?') < 0) {
            return glob.equals(part);
        }
        String regex = Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return part.matches(regex);
    }
}
