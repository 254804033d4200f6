package dev.burstlet.engine.probe;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/** Connection errors in the words that users know from a kubelet's events. */
final class DialError {
    private DialError() {}

    static String text(IOException error, String host, int port) {
        String dial = "dial tcp " + host + ":" + port + ": ";
        return switch (error) {
            case ConnectException e when refused(e) -> dial + "connect: connection refused";
            case ConnectException e when timedOut(e) -> dial + "i/o timeout";
            case NoRouteToHostException _ -> dial + "connect: no route to host";
            case SocketTimeoutException _ ->
                    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            case InterruptedIOException _ ->
                    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            default -> String.valueOf(error.getMessage());
        };
    }

    private static boolean refused(IOException error) {
        return mentions(error, "refused");
    }

    private static boolean timedOut(IOException error) {
        return mentions(error, "timed out");
    }

    private static boolean mentions(@Nullable Throwable error, String word) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e.getMessage() != null && e.getMessage().contains(word)) {
                return true;
            }
        }
        return false;
    }
}
