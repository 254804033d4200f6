package dev.burstlet.container;

/** Opens engines of one kind; found by {@link java.util.ServiceLoader}. */
public interface EngineFactory {
    /** The kind in the configuration: {@code docker}, {@code cri}, {@code memory}. */
    String kind();

    /**
     * Opens an engine; does not wait for it to answer.
     *
     * @throws IllegalArgumentException for settings that cannot be right, naming the key
     */
    ContainerEngine open(EngineSettings settings);
}
