package dev.burstlet.hyper.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP relay that can be cut: what goes through it is broken off, and nobody comes through. */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean cut;
    private volatile int allowance;

    Relay(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void cut() {
        cut = true;
        sockets.forEach(Relay::end);
    }

    /** Every connection is broken off once so many bytes have gone to the server; 0 for none is. */
    void breakOffAfter(int bytes) {
        allowance = bytes;
    }

    /** Lets through again, to this port. */
    void mend(int to) {
        target = to;
        cut = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket from = listener.accept();
                if (cut) {
                    end(from);
                    continue;
                }
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(from);
                sockets.add(to);
                int limit = allowance;
                Thread.ofVirtual().start(() -> pass(from, to, limit));
                Thread.ofVirtual().start(() -> pass(to, from, 0));
            } catch (IOException e) {
                // Nobody there, or closed.
            }
        }
    }

    private static void pass(Socket from, Socket to, int limit) {
        try (from;
                to) {
            if (limit == 0) {
                var _ = from.getInputStream().transferTo(to.getOutputStream());
                return;
            }
            byte[] buffer = new byte[512];
            int left = limit;
            while (left > 0) {
                int count = from.getInputStream().read(buffer, 0, Math.min(buffer.length, left));
                if (count < 0) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, count);
                left -= count;
            }
            end(from);
            end(to);
        } catch (IOException e) {
            // Cut.
        }
    }

    private static void end(Socket socket) {
        try {
            // A reset, as by a host that is gone.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It has ended by itself.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(Relay::end);
    }
}
