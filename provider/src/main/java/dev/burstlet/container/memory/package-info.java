/**
 * A container engine in memory. A {@link dev.burstlet.container.memory.MemoryHost} is the simulated
 * machine with its sandboxes, containers, images and volumes; a {@link
 * dev.burstlet.container.memory.MemoryEngine} is one client's connection to it, so that closing and
 * opening it again finds everything running. Processes speak the small shell of {@link
 * dev.burstlet.container.memory.shell}; capabilities, seccomp, AppArmor, SELinux and sysctls are
 * accepted and have nothing to act on.
 */
@NullMarked
package dev.burstlet.container.memory;

import org.jspecify.annotations.NullMarked;
