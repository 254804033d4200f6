package dev.burstlet.serve.stream;

import dev.burstlet.pod.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The joined connections of one client, each on a virtual thread, ended together. */
final class Forwarding {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

    private final PortForward.Dialer dialer;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    Forwarding(PortForward.Dialer dialer) {
        this.dialer = dialer;
    }

    /** Joins a connection; {@code after} is run when it is over. */
    void start(int port, Inbox in, Outlet out, Outlet error, Runnable after) {
        Thread thread =
                Thread.ofVirtual()
                        .name("port-forward " + port)
                        .unstarted(() -> run(port, in, out, error, after));
        threads.add(thread);
        thread.start();
        if (ended) {
            thread.interrupt();
        }
    }

    /** Interrupts all. */
    void end() {
        ended = true;
        threads.forEach(Thread::interrupt);
    }

    private void run(int port, Inbox in, Outlet out, Outlet error, Runnable after) {
        try {
            dialer.join(port, in, out);
        } catch (BackendException | IOException e) {
            tell(error, "error forwarding port " + port + " to the pod: " + e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("port-forward to {} interrupted", port);
        } catch (RuntimeException e) {
            LOG.warn("port-forward to {} failed", port, e);
            tell(error, "error forwarding port " + port + " to the pod: internal error");
        } finally {
            threads.remove(Thread.currentThread());
            out.close();
            error.close();
            in.close();
            after.run();
        }
    }

    private static void tell(Outlet error, String words) {
        try {
            error.write(words.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("nobody to tell: {}", words);
        }
    }
}
