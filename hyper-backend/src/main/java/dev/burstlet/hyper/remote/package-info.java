/**
 * The client of an agent: the contract spoken to another host. Start at {@link
 * dev.burstlet.hyper.remote.RemotePods}.
 */
@NullMarked
package dev.burstlet.hyper.remote;

import org.jspecify.annotations.NullMarked;
