/**
 * The contract between the cluster side and the host side: what a pod needs to run, what can be
 * asked of it, and how its state is told. It knows neither the API server nor a container engine.
 */
@NullMarked
package dev.burstlet.pod;

import org.jspecify.annotations.NullMarked;
