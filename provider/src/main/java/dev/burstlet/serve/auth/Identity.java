package dev.burstlet.serve.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who asks, as Kubernetes' UserInfo. */
public record Identity(
        String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    private static final String AUTHENTICATED = "system:authenticated";

    public Identity {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    /** With the group that everybody has who said who they are. */
    static Identity authenticated(
            String name, String uid, List<String> groups, Map<String, List<String>> extra) {
        List<String> all = new ArrayList<>(groups);
        if (!all.contains(AUTHENTICATED)) {
            all.add(AUTHENTICATED);
        }
        return new Identity(name, uid, all, extra);
    }
}
