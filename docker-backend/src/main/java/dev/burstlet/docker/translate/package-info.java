/**
 * Between the port's specs and the Docker Engine API's JSON, both ways, without any I/O. Start at
 * {@link dev.burstlet.docker.translate.SandboxBody}, {@link
 * dev.burstlet.docker.translate.ContainerBody} and {@link
 * dev.burstlet.docker.translate.StatusReader}.
 */
@NullMarked
package dev.burstlet.docker.translate;

import org.jspecify.annotations.NullMarked;
