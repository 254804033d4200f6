/** Tests of the engine in memory, the contract test among them. */
@NullMarked
package dev.burstlet.container.memory;

import org.jspecify.annotations.NullMarked;
