package dev.burstlet.container;

import org.jspecify.annotations.Nullable;

/**
 * Which sandboxes or containers to list.
 *
 * @param podUid of this pod only, or null for all of the owner
 */
public record Filter(Owner owner, @Nullable String podUid) {
    public static Filter all(Owner owner) {
        return new Filter(owner, null);
    }
}
