package dev.burstlet.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Pods on a runtime of this host, driven in one process. */
class PodsOnCriIT extends PodsOnCri {
    private @Nullable BurstletProcess burstlet;

    @Override
    String start(World world, Containerd containerd) {
        try {
            BurstletProcess started =
                    new BurstletProcess(
                            world.controlPlane().kubeconfig(),
                            world.client(),
                            "it-cri",
                            cri(containerd, Files.createTempDirectory("it-cri")));
            burstlet = started;
            started.start();
            return started.node();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void killAndStart() {
        if (burstlet != null) {
            burstlet.kill();
            burstlet.start();
        }
    }

    @Override
    void end() {
        if (burstlet != null) {
            burstlet.stop();
        }
    }
}
