package dev.burstlet.engine.image;

import dev.burstlet.container.PullRequest.Credential;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * With what this process pulled which image from which repository (Kubernetes: ensure secret pulled
 * images). An image without a record was there before, and is everybody's. Safe for use by many
 * threads.
 */
final class PullRecords {
    private final Map<String, Map<String, Access>> byImage = new ConcurrentHashMap<>();

    /**
     * Who may use an image.
     *
     * @param everyone it was pulled without a credential
     */
    private record Access(boolean everyone, Set<Credential> credentials) {
        static final Access NOBODY = new Access(false, Set.of());

        Access with(List<Credential> used) {
            Set<Credential> all = ConcurrentHashMap.newKeySet();
            all.addAll(credentials);
            all.addAll(used);
            return new Access(everyone || used.isEmpty(), Set.copyOf(all));
        }
    }

    void pulled(String imageId, ImageName name, List<Credential> used) {
        byImage.computeIfAbsent(imageId, _ -> new ConcurrentHashMap<>())
                .compute(
                        name.name(),
                        (_, before) -> (before == null ? Access.NOBODY : before).with(used));
    }

    boolean mayUse(String imageId, ImageName name, List<Credential> credentials) {
        @Nullable Map<String, Access> repositories = byImage.get(imageId);
        if (repositories == null) {
            return true;
        }
        @Nullable Access access = repositories.get(name.name());
        return access != null
                && (access.everyone()
                        || credentials.stream().anyMatch(access.credentials()::contains));
    }
}
