package dev.burstlet.hyper;

import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.HelperContainers;
import dev.burstlet.hyper.proto.cri.PodSandboxStatus;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ways to ports that only the loopback of a sandbox with its own kernel has: a container of ours is
 * added to the sandbox at the first need, of the sandbox's own image and a static program that is
 * mounted into it, so nothing is asked of the pod's images. It listens on the pod's address and
 * hands on who knows its secret. It goes with the sandbox.
 */
final class LoopbackRelay {
    private static final String MOUNTED_AT = "/burstlet";
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 40_000;
    private static final int SECRET_BYTES = 32;
    private static final int TRIES = 5;
    private static final Duration STEP = Duration.ofMillis(20);

    private final CriConnection connection;
    private final HelperContainers helpers;
    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /** Where a sandbox's relay listens, and what it wants to hear. */
    private record Place(String container, int port, String secret) {
        private byte[] opening(int wanted) {
            byte[] said = secret.getBytes(StandardCharsets.US_ASCII);
            byte[] opening = Arrays.copyOf(said, said.length + 2);
            opening[said.length] = (byte) (wanted >> 8);
            opening[said.length + 1] = (byte) wanted;
            return opening;
        }
    }

    /**
     * @param folder of the host, for the program
     */
    LoopbackRelay(CriConnection connection, HelperContainers helpers, Path folder) {
        this.connection = connection;
        this.helpers = helpers;
        this.folder = folder;
    }

    /**
     * A connection to a port of the sandbox's loopback.
     *
     * @throws ConnectException where nothing listens on it
     */
    Socket dial(PodSandboxStatus sandbox, String address, int port)
            throws IOException, InterruptedException {
        @Nullable Place known = places.get(sandbox.getId());
        if (known != null) {
            @Nullable Socket socket = reached(known, address, port);
            if (socket != null) {
                return socket;
            }
            places.remove(sandbox.getId(), known);
        }
        synchronized (this) {
            for (int i = 0; i < TRIES; i++) {
                @Nullable Place other = places.get(sandbox.getId());
                Place place = other == null ? start(sandbox) : other;
                @Nullable Socket socket = awaited(place, address, port);
                if (socket != null) {
                    places.put(sandbox.getId(), place);
                    return socket;
                }
                places.remove(sandbox.getId(), place);
            }
        }
        throw new IOException("the relay to port " + port + " does not answer");
    }

    /** A sandbox is gone. */
    void forget(String sandboxId) {
        places.remove(sandboxId);
    }

    private Place start(PodSandboxStatus sandbox) throws IOException {
        install();
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String said = HexFormat.of().formatHex(secret);
        int port = FIRST_PORT + random.nextInt(PORTS);
        String container =
                helpers.start(
                        sandbox,
                        new HelperContainers.Program(
                                List.of(MOUNTED_AT + "/relay", Integer.toString(port), said),
                                folder,
                                MOUNTED_AT));
        return new Place(container, port, said);
    }

    /** Until it listens; null where it has ended, as when the port is another's. */
    private @Nullable Socket awaited(Place place, String address, int port)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + connection.timeout().toNanos();
        while (System.nanoTime() < end) {
            @Nullable Socket socket = reached(place, address, port);
            if (socket != null) {
                return socket;
            }
            if (!helpers.running(place.container())) {
                return null;
            }
            Thread.sleep(STEP);
        }
        return null;
    }

    /** Null where the relay itself is not reached, or is none of ours. */
    private @Nullable Socket reached(Place place, String address, int port) throws IOException {
        Socket socket = new Socket();
        boolean reached = false;
        try {
            int patience = (int) connection.timeout().toMillis();
            socket.connect(new InetSocketAddress(address, place.port()), patience);
            socket.setSoTimeout(patience);
            socket.getOutputStream().write(place.opening(port));
            switch (socket.getInputStream().read()) {
                case 0 -> reached = true;
                case 1 -> throw new RefusedException(port);
                default -> {
                    return null;
                }
            }
            socket.setSoTimeout(0);
            return socket;
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            return null;
        } finally {
            if (!reached) {
                socket.close();
            }
        }
    }

    /** Whole, at once and again where another release has another one. */
    private void install() throws IOException {
        Path program = folder.resolve("relay");
        byte[] wanted = program();
        if (Files.isExecutable(program) && Arrays.equals(Files.readAllBytes(program), wanted)) {
            return;
        }
        Files.createDirectories(folder);
        Path whole = Files.createTempFile(folder, "relay", ".new");
        Files.write(whole, wanted);
        Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rwxr-xr-x"));
        try {
            Files.move(whole, program, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(program + " cannot be written", e);
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static byte[] program() throws IOException {
        String name =
                switch (System.getProperty("os.arch")) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    case String other ->
                            throw new BackendException(
                                    Reason.UNSUPPORTED,
                                    "ports of a machine's loopback are not reached on " + other);
                };
        try (InputStream in = LoopbackRelay.class.getResourceAsStream("relay/relay-" + name)) {
            return java.util.Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static final class RefusedException extends ConnectException {
        private static final long serialVersionUID = 1;

        private RefusedException(int port) {
            super("connection refused: port " + port);
        }
    }
}
