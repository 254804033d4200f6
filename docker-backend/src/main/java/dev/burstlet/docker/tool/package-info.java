/**
 * The sandbox's own program at work on the engine's host: in a sandbox ({@link
 * dev.burstlet.docker.tool.SandboxTool}) or in a short-lived container ({@link
 * dev.burstlet.docker.tool.ToolContainer}).
 */
@NullMarked
package dev.burstlet.docker.tool;

import org.jspecify.annotations.NullMarked;
