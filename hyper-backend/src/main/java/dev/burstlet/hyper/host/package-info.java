/**
 * The Linux host that this process shares with the runtime: system calls that Java does not have,
 * mounts, /proc. Starting points: {@link dev.burstlet.hyper.host.Linux} and {@link
 * dev.burstlet.hyper.host.MountTable}.
 */
@NullMarked
package dev.burstlet.hyper.host;

import org.jspecify.annotations.NullMarked;
