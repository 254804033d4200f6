/** Tests of single steps of work. */
@NullMarked
package dev.burstlet.engine.execute;

import org.jspecify.annotations.NullMarked;
