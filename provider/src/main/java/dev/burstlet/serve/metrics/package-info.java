/**
 * Resource usage as the kubelet tells it: the Summary API and the Prometheus text formats. Start at
 * {@link dev.burstlet.serve.metrics.Summary}.
 */
@NullMarked
package dev.burstlet.serve.metrics;

import org.jspecify.annotations.NullMarked;
