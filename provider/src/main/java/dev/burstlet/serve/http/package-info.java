/**
 * HTTP on one connection: bounded reading of requests, an answer per request on a virtual thread,
 * bodies with back-pressure, upgrades. Start at {@link dev.burstlet.serve.http.RequestHandler} and
 * {@link dev.burstlet.serve.http.Exchange}.
 */
@NullMarked
package dev.burstlet.serve.http;

import org.jspecify.annotations.NullMarked;
