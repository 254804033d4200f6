package dev.burstlet.container.memory;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.memory.file.Tree;

/**
 * A pod's volume.
 *
 * @param volatileContents they are lost when the sandbox ends
 */
record MemoryVolume(VolumeSpec spec, Tree tree, boolean volatileContents) {}
