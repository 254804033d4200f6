/**
 * The command line. Start at {@link dev.burstlet.app.cli.BurstletCommand}; each subcommand is a
 * class that ends in an exit code: 0 done, 1 failed, 2 called wrongly.
 */
@NullMarked
package dev.burstlet.app.cli;

import org.jspecify.annotations.NullMarked;
