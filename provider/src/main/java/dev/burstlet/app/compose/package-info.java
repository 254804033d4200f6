/**
 * Puts the parts together into virtual nodes. Start at {@link dev.burstlet.app.compose.Burstlet}.
 */
@NullMarked
package dev.burstlet.app.compose;

import org.jspecify.annotations.NullMarked;
