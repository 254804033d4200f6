package dev.burstlet.app.config;

import java.util.Objects;

/** The in-memory engine. */
public record Memory(
        @Key(value = "CPUs that it pretends to have", byDefault = "64") Integer cpus,
        @Key(value = "Memory that it pretends to have, in GiB", byDefault = "256")
                Integer memoryGib) {
    public Memory {
        cpus = Objects.requireNonNullElse(cpus, 64);
        memoryGib = Objects.requireNonNullElse(memoryGib, 256);
    }

    static Memory defaults() {
        return new Memory(64, 256);
    }
}
