/**
 * Files in memory: trees of {@link dev.burstlet.container.memory.file.Inode}s, seen through the
 * mounts of a {@link dev.burstlet.container.memory.file.FileView}. All trees of one simulated host
 * share a lock, so that a rename is atomic to every reader.
 */
@NullMarked
package dev.burstlet.container.memory.file;

import org.jspecify.annotations.NullMarked;
