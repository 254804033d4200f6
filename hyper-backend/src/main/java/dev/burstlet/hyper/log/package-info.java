/**
 * Container logs in the CRI's format: read, followed, rotated, removed. Starting point: {@link
 * dev.burstlet.hyper.log.ContainerLogs}.
 */
@NullMarked
package dev.burstlet.hyper.log;

import org.jspecify.annotations.NullMarked;
