/**
 * A shell small enough to run a hundred thousand times: the part of the POSIX command language that
 * pods and tests use, and a fixed vocabulary of commands. {@link
 * dev.burstlet.container.memory.shell.Parser} reads it, {@link
 * dev.burstlet.container.memory.shell.Interpreter} runs it for a {@link
 * dev.burstlet.container.memory.shell.Task} in a {@link dev.burstlet.container.memory.shell.World}.
 */
@NullMarked
package dev.burstlet.container.memory.shell;

import org.jspecify.annotations.NullMarked;
