/**
 * The contract test of container engines. Start at {@link
 * dev.burstlet.container.ContainerEngineContract}, which every engine's test extends.
 */
@NullMarked
package dev.burstlet.container;

import org.jspecify.annotations.NullMarked;
