package dev.burstlet.deploy;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Provides the Docker Engine; a test class fails, and is not skipped, where none can be had. */
final class DockerExtension implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Docker.get();
    }
}
