/**
 * The pod network on an engine and the name servers that its host uses. Start at {@link
 * dev.burstlet.docker.network.PodNetwork}.
 */
@NullMarked
package dev.burstlet.docker.network;

import org.jspecify.annotations.NullMarked;
