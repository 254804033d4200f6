package dev.burstlet.serve;

import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodStreams;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.stream.PortForward;
import dev.burstlet.serve.stream.RemoteCommand;
import dev.burstlet.serve.stream.StreamLimits;
import java.io.IOException;
import java.util.List;

/** {@code /exec}, {@code /attach} and {@code /portForward}, with and without the pod's UID. */
final class Streams {
    private final RemoteCommand command;
    private final PortForward forward;
    private final Targets targets;
    private final NodeServices services;

    Streams(StreamLimits limits, NodeServices services) {
        this.command = new RemoteCommand(limits);
        this.forward = new PortForward(limits);
        this.targets = new Targets(services);
        this.services = services;
    }

    void exec(Exchange exchange) throws Refusal, IOException, InterruptedException {
        List<String> words = exchange.query().all("command");
        Targets.Target target = targets.container(exchange.path());
        if (words.isEmpty()) {
            throw new Refusal(400, "you must specify a command");
        }
        command.run(
                exchange,
                "error executing command in container",
                io -> streams().exec(target.key(), target.container(), words, io));
    }

    void attach(Exchange exchange) throws Refusal, IOException, InterruptedException {
        Targets.Target target = targets.container(exchange.path());
        command.run(
                exchange,
                "error attaching to container",
                io -> {
                    streams().attach(target.key(), target.container(), io);
                    return 0;
                });
    }

    void portForward(Exchange exchange) throws Refusal, IOException, InterruptedException {
        PodKey key = targets.pod(exchange.path(), 4);
        forward.run(exchange, (port, in, out) -> streams().portForward(key, port, in, out));
    }

    private PodStreams streams() {
        return services.lifecycle().streams();
    }
}
