package dev.burstlet.hyper.agent;

import dev.burstlet.engine.agent.AgentEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates by deploy/agent/certificates, in a folder. */
record TestCertificates(Path folder) {
    private static final Path SCRIPT =
            Path.of("..", "deploy", "agent", "certificates").toAbsolutePath().normalize();

    AgentEndpoint.Tls agent(String name, String... addresses) {
        return issue("agent", name, addresses.length == 0 ? HERE : addresses);
    }

    private static final String[] HERE = {"127.0.0.1"};

    AgentEndpoint.Tls node(String name) {
        return issue("node", name);
    }

    private AgentEndpoint.Tls issue(String kind, String name, String... addresses) {
        List<String> line =
                new ArrayList<>(List.of(SCRIPT.toString(), kind, folder.toString(), name));
        line.addAll(List.of(addresses));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(line + ": " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new AgentEndpoint.Tls(
                folder.resolve("ca.pem"),
                folder.resolve(name + ".pem"),
                folder.resolve(name + ".key"));
    }
}
