/**
 * What the integration tests of all modules stand on. Start at {@link
 * dev.burstlet.testing.ControlPlaneExtension}.
 */
@NullMarked
package dev.burstlet.testing;

import org.jspecify.annotations.NullMarked;
