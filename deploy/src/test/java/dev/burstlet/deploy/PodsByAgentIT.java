package dev.burstlet.deploy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same pods by an agent; what is killed is the control side and the agent, both at once. */
class PodsByAgentIT extends PodsOnCri {
    private static final String NODE = "it-agent";

    private @Nullable AgentInFront agent;

    @Override
    String start(World world, Containerd containerd) {
        List<String> engine = new ArrayList<>(cri(containerd));
        engine.addAll(
                List.of("--root", Repository.root().resolve("deploy/target/agent").toString()));
        AgentInFront started = new AgentInFront(NODE, engine);
        agent = started;
        started.start(world);
        return NODE;
    }

    @Override
    void killAndStart() {
        if (agent != null) {
            agent.killAndStart();
        }
    }

    @Override
    void end() {
        if (agent != null) {
            agent.end();
        }
    }
}
