/** Shortages and rankings, case by case. */
@NullMarked
package dev.burstlet.engine.pressure;

import org.jspecify.annotations.NullMarked;
