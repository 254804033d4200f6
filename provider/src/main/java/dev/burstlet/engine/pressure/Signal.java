package dev.burstlet.engine.pressure;

import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An eviction signal of the kubelet, in the order in which shortages are met: memory first. */
public enum Signal {
    MEMORY_AVAILABLE("memory.available", Condition.MEMORY, "memory"),
    NODEFS_AVAILABLE("nodefs.available", Condition.DISK, "ephemeral-storage"),
    NODEFS_INODES_FREE("nodefs.inodesFree", Condition.DISK, "inodes"),
    IMAGEFS_AVAILABLE("imagefs.available", Condition.DISK, "ephemeral-storage"),
    IMAGEFS_INODES_FREE("imagefs.inodesFree", Condition.DISK, "inodes"),
    PID_AVAILABLE("pid.available", Condition.PID, "pids");

    private final String key;
    private final Condition condition;
    private final String resource;

    /** What a node tells of a shortage. */
    public enum Condition {
        MEMORY,
        DISK,
        PID
    }

    Signal(String key, Condition condition, String resource) {
        this.key = key;
        this.condition = condition;
        this.resource = resource;
    }

    /** As a kubelet's configuration names it. */
    public String key() {
        return key;
    }

    public Condition condition() {
        return condition;
    }

    /** As messages name what is short. */
    public String resource() {
        return resource;
    }

    @Nullable Amount figure(HostFigures figures) {
        return switch (this) {
            case MEMORY_AVAILABLE -> figures.memory();
            case NODEFS_AVAILABLE -> figures.nodefs();
            case NODEFS_INODES_FREE -> figures.nodefsInodes();
            case IMAGEFS_AVAILABLE -> figures.imagefs();
            case IMAGEFS_INODES_FREE -> figures.imagefsInodes();
            case PID_AVAILABLE -> figures.pids();
        };
    }

    public static Optional<Signal> of(String key) {
        for (Signal signal : values()) {
            if (signal.key.equals(key)) {
                return Optional.of(signal);
            }
        }
        return Optional.empty();
    }
}
