/**
 * The agent: the pod engine of one host behind the gRPC service burstlet.v1, for the one owner that
 * it is bound to. Start at {@link dev.burstlet.hyper.agent.AgentServer}.
 */
@NullMarked
package dev.burstlet.hyper.agent;

import org.jspecify.annotations.NullMarked;
