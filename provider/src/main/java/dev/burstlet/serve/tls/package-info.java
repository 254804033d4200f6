/**
 * The serving certificate and its sources, and the TLS settings of a listener. Start at {@link
 * dev.burstlet.serve.tls.ServingCertificate}.
 */
@NullMarked
package dev.burstlet.serve.tls;

import org.jspecify.annotations.NullMarked;
