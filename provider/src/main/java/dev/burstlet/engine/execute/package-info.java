/**
 * The doing of what the plan decided: the only place that calls an engine to change anything. Start
 * at {@link dev.burstlet.engine.execute.Executor}.
 */
@NullMarked
package dev.burstlet.engine.execute;

import org.jspecify.annotations.NullMarked;
