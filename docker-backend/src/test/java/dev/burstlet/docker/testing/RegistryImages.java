package dev.burstlet.docker.testing;

import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.testing.PrivateRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Assertions;

/** What a registry has of a Docker Engine's images. */
public record RegistryImages(PrivateRegistry registry) {
    /** Puts an image that an engine has into the registry, and away from the engine. */
    public void take(EngineClient client, String image, String name) {
        String reference = registry.address() + "/" + name;
        int colon = reference.lastIndexOf(':');
        String repository = reference.substring(0, colon);
        String tag = reference.substring(colon + 1);
        require(
                client,
                EngineRequest.post("/images/" + image + "/tag?repo=" + repository + "&tag=" + tag));
        String login =
                "{\"username\":\"%s\",\"password\":\"%s\",\"serveraddress\":\"%s\"}"
                        .formatted(
                                PrivateRegistry.USER, PrivateRegistry.PASSWORD, registry.address());
        EngineAnswer pushed =
                require(
                        client,
                        EngineRequest.post("/images/" + repository + "/push?tag=" + tag)
                                .with(
                                        "X-Registry-Auth",
                                        Base64.getUrlEncoder()
                                                .encodeToString(
                                                        login.getBytes(StandardCharsets.UTF_8))));
        Assertions.assertFalse(pushed.body().contains("\"error\""), pushed.body());
        remove(client, name);
    }

    /** Takes the name away from an engine. */
    public void remove(EngineClient client, String name) {
        client.send(
                Budget.LIFECYCLE,
                client.callTimeout(),
                EngineRequest.delete("/images/" + registry.address() + "/" + name));
    }

    private static EngineAnswer require(EngineClient client, EngineRequest request) {
        EngineAnswer answer =
                client.send(Budget.LIFECYCLE, client.callTimeout().multipliedBy(4), request);
        Assertions.assertTrue(answer.ok(), request + ": " + answer.message());
        return answer;
    }
}
