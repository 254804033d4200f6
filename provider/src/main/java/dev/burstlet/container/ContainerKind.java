package dev.burstlet.container;

import java.util.Locale;

/** Which of a pod's lists a container is from. */
public enum ContainerKind {
    INIT,
    APP,
    EPHEMERAL;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with this label; APP for anything unknown. */
    public static ContainerKind of(String label) {
        for (ContainerKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        return APP;
    }
}
