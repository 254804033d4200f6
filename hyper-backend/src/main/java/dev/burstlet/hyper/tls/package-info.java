/**
 * TLS between the control side and agents: certificates on both sides, read again from their files.
 */
@NullMarked
package dev.burstlet.hyper.tls;

import org.jspecify.annotations.NullMarked;
