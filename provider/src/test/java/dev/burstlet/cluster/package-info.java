/** Tests of what the cluster side shares. */
@NullMarked
package dev.burstlet.cluster;

import org.jspecify.annotations.NullMarked;
