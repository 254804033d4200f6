/**
 * How a node's pods are run by an agent on another host: what the program asks of the module that
 * speaks with agents. Start at {@link dev.burstlet.engine.agent.AgentProtocol}.
 */
@NullMarked
package dev.burstlet.engine.agent;

import org.jspecify.annotations.NullMarked;
