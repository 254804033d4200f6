/**
 * How the Kubernetes client speaks HTTP: Apache HttpClient on virtual threads, one connection for
 * each call under way. Start at {@link dev.burstlet.cluster.http.Transport}.
 */
@NullMarked
package dev.burstlet.cluster.http;

import org.jspecify.annotations.NullMarked;
