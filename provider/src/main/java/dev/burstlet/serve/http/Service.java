package dev.burstlet.serve.http;

import java.io.IOException;

/**
 * Answers requests; each call has a virtual thread of its own, interrupted when the client goes.
 */
@FunctionalInterface
public interface Service {
    /**
     * Answers one request.
     *
     * @throws Refusal to answer with an error status
     * @throws IOException where the client is gone
     */
    void serve(Exchange exchange) throws Refusal, IOException, InterruptedException;
}
