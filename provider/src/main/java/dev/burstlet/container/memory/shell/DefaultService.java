package dev.burstlet.container.memory.shell;

import java.io.IOException;

/** What an image without a known command does: answers every HTTP request with 200. */
public final class DefaultService {
    private DefaultService() {}

    public static void serve(Streams io) throws IOException {
        String line = NetworkCommands.requestLine(io.in());
        if (!line.isEmpty()) {
            NetworkCommands.reply(io, "200 OK", new byte[0]);
        }
    }
}
