package dev.burstlet.app.cli;

import java.util.concurrent.CountDownLatch;

/** Runs something when the process is told to end, and lets the process end only after it. */
final class Shutdown {
    private final CountDownLatch told = new CountDownLatch(1);

    private Shutdown() {}

    static Shutdown onSignal(Runnable last) {
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(() -> {
                                    last.run();
                                    shutdown.told.countDown();
                                }));
        return shutdown;
    }

    void await() throws InterruptedException {
        told.await();
    }
}
