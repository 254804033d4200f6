/** Tests of admission. */
@NullMarked
package dev.burstlet.sync.admission;

import org.jspecify.annotations.NullMarked;
