/**
 * The benchmark: loads a node through a real API server and prints a table. Start at {@link
 * dev.burstlet.deploy.bench.Bench}; {@code deploy/bench/bench} provisions what it needs.
 */
@NullMarked
package dev.burstlet.deploy.bench;

import org.jspecify.annotations.NullMarked;
