/**
 * What everything that talks to the API server shares: the client and its bounds, a list-and-watch
 * that misses nothing, workers that repeat until they succeed, strategic merge patches, and the
 * queue of events. Start at {@link dev.burstlet.cluster.Cluster}.
 */
@NullMarked
package dev.burstlet.cluster;

import org.jspecify.annotations.NullMarked;
