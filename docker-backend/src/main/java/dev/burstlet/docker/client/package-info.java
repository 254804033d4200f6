/**
 * The connection to one Docker Engine: pooled transport, negotiated API version, a deadline and a
 * budget for every call, and the one place where failures become {@link
 * dev.burstlet.pod.BackendException}. Start at {@link dev.burstlet.docker.client.EngineClient}.
 */
@NullMarked
package dev.burstlet.docker.client;

import org.jspecify.annotations.NullMarked;
