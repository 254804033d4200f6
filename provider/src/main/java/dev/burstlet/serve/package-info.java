/**
 * The kubelet HTTPS API of each virtual node, one class per endpoint, behind client-certificate or
 * token authentication and authorization by the API server.
 */
@NullMarked
package dev.burstlet.serve;

import org.jspecify.annotations.NullMarked;
