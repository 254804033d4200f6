package dev.burstlet.engine.agent;

import dev.burstlet.engine.EngineMeter;

/** What an agent measures of its work. */
public interface AgentMeter {
    /** Nothing. */
    AgentMeter NONE =
            new AgentMeter() {
                @Override
                public EngineMeter pods() {
                    return EngineMeter.NONE;
                }

                @Override
                public String text() {
                    return "";
                }
            };

    /** Told of what is done with the pods. */
    EngineMeter pods();

    /** All of it in the Prometheus text format. */
    String text();
}
