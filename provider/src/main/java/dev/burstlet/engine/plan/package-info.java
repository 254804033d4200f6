/**
 * What is to be done next for one pod: a pure function of what is wanted, what was seen, what is
 * remembered and the time. Start at {@link dev.burstlet.engine.plan.PodPlan}; it reads a {@link
 * dev.burstlet.engine.plan.Situation} and returns {@link dev.burstlet.engine.plan.Action}s.
 */
@NullMarked
package dev.burstlet.engine.plan;

import org.jspecify.annotations.NullMarked;
