package dev.burstlet.docker.network;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A small text file as a container has it, out of the archive that the engine gives. */
public final class ContainerFile {
    private static final int BLOCK = 512;

    private ContainerFile() {}

    public static String read(EngineClient client, String container, String path) {
        EngineRequest request =
                EngineRequest.get(
                        "/containers/" + container + "/archive?path=" + EngineRequest.encode(path));
        return client.run(Budget.QUERY, () -> read(client, request, path));
    }

    private static String read(EngineClient client, EngineRequest request, String path)
            throws IOException {
        try (DockerHttpClient.Response response = client.open(request)) {
            byte[] tar = response.getBody().readAllBytes();
            if (response.getStatusCode() != 200 || tar.length < BLOCK) {
                throw new IOException("no " + path + ": HTTP status " + response.getStatusCode());
            }
            String size = new String(tar, 124, 11, StandardCharsets.US_ASCII).strip();
            int length = Math.min(Integer.parseInt(size, 8), tar.length - BLOCK);
            return new String(tar, BLOCK, length, StandardCharsets.UTF_8);
        }
    }
}
