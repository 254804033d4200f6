package dev.burstlet.docker.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.Content;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;

/**
 * Sees to it that the engine has the {@link PauseImage}: given by us where it is absent, so that no
 * registry takes part. Asked for once, then again when the engine says that it is gone.
 */
public final class SandboxImage {
    private final EngineClient client;
    private volatile boolean present;

    public SandboxImage(EngineClient client) {
        this.client = client;
    }

    /** Whether a reference names some version of this image. */
    static boolean matches(String reference) {
        return reference.startsWith(
                PauseImage.REFERENCE.substring(0, PauseImage.REFERENCE.indexOf(':') + 1));
    }

    /** The reference of the image, which is on the engine when this returns. */
    public String ensure() {
        if (!present) {
            provide();
        }
        return PauseImage.REFERENCE;
    }

    /** Looks anew the next time. */
    public void forget() {
        present = false;
    }

    private synchronized void provide() {
        if (present) {
            return;
        }
        EngineAnswer found =
                client.send(
                        Budget.QUERY,
                        client.callTimeout(),
                        EngineRequest.get("/images/" + PauseImage.REFERENCE + "/json"));
        if (!found.ok()) {
            load();
        }
        present = true;
    }

    private void load() {
        String arch = client.engineVersion().path("Arch").asText();
        EngineRequest request =
                EngineRequest.post("/images/load?quiet=1")
                        .with(Content.of(PauseImage.archive(arch)), "application/x-tar");
        JsonNode told = client.call(Budget.LIFECYCLE, request);
        if (told.has("error")) {
            throw new BackendException(
                    Reason.ENGINE,
                    "the sandbox image cannot be loaded: " + told.path("error").asText());
        }
    }
}
