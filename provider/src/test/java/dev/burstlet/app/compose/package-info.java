/** Tests of what is put together from the configuration. */
@NullMarked
package dev.burstlet.app.compose;

import org.jspecify.annotations.NullMarked;
