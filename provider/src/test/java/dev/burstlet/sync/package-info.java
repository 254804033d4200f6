/** Tests of the cluster side against a real API server, with a host that behaves. */
@NullMarked
package dev.burstlet.sync;

import org.jspecify.annotations.NullMarked;
