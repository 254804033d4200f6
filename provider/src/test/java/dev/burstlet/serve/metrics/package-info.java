/** Tests of what is told of usage. */
@NullMarked
package dev.burstlet.serve.metrics;

import org.jspecify.annotations.NullMarked;
