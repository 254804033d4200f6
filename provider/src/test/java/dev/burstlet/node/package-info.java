/** Tests of virtual nodes. */
@NullMarked
package dev.burstlet.node;

import org.jspecify.annotations.NullMarked;
