/**
 * The program: command line, configuration, and the composition of all parts into virtual nodes.
 */
@NullMarked
package dev.burstlet.app;

import org.jspecify.annotations.NullMarked;
