package dev.burstlet.serve;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodStreams;
import dev.burstlet.pod.ProcessIo;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/** A host with one running pod, whose container knows a few commands and echoes what it is sent. */
class EchoPods implements PodLifecycle, PodStreams, PodDirectory {
    static final PodKey KEY = new PodKey("default", "web", "11-22-33");
    static final String CONTAINER = "main";

    private static final HostStats.Details DETAILS =
            new HostStats.Details(
                    1_000_000_000L,
                    500_000_000L,
                    10L,
                    3L,
                    2_000_000_000L,
                    50L,
                    40L,
                    null,
                    6L,
                    7L,
                    8L,
                    9L);

    /** What was asked, in words. */
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    /** Streams that ended by interruption. */
    final Semaphore interrupted = new Semaphore(0);

    /** Streams that began. */
    final Semaphore begun = new Semaphore(0);

    static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(KEY.namespace())
                .withName(KEY.name())
                .withUid(KEY.uid())
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(CONTAINER)
                .withImage("example.org/echo:1")
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .addNewContainerStatus()
                .withName(CONTAINER)
                .withImage("example.org/echo:1")
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    @Override
    public Optional<Pod> find(String namespace, String name) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getNamespace().equals(namespace))
                .filter(pod -> pod.getMetadata().getName().equals(name))
                .findFirst();
    }

    @Override
    public List<Pod> pods() {
        return List.of(pod());
    }

    @Override
    public void logs(PodKey key, String container, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        asked.add("logs " + container + " " + request);
        if (request.previous()) {
            throw new BackendException(
                    BackendException.Reason.NOT_FOUND,
                    "previous terminated container \"main\" in pod \"web\" not found");
        }
        out.write("a line\n".getBytes(StandardCharsets.UTF_8));
        if (request.follow()) {
            sleepUntilInterrupted();
        }
    }

    @Override
    public int exec(PodKey key, String container, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        asked.add("exec " + container + " " + command);
        begun.release();
        return switch (command.getFirst()) {
            case "cat" -> cat(io);
            case "exit" -> Integer.parseInt(command.get(1));
            case "count" ->
                    count(Long.parseLong(command.get(1)), Objects.requireNonNull(io.stdin()));
            case "zeros" -> zeros(Long.parseLong(command.get(1)), io);
            case "both" -> both(io);
            case "sizes" -> sizes(io);
            case "sleep" -> sleepUntilInterrupted();
            default ->
                    throw new BackendException(
                            BackendException.Reason.CANNOT_RUN,
                            "no such executable: " + command.getFirst());
        };
    }

    private static int cat(ProcessIo io) throws IOException {
        try (InputStream in = Objects.requireNonNull(io.stdin())) {
            in.transferTo(Objects.requireNonNull(io.stdout()));
        }
        return 0;
    }

    private static int count(long expected, InputStream in) throws IOException {
        long seen = in.transferTo(OutputStream.nullOutputStream());
        return seen == expected ? 0 : 1;
    }

    private static int zeros(long count, ProcessIo io) throws IOException {
        byte[] block = new byte[64 << 10];
        OutputStream out = Objects.requireNonNull(io.stdout());
        for (long left = count; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(left, block.length));
        }
        return 0;
    }

    private static int both(ProcessIo io) throws IOException {
        Objects.requireNonNull(io.stdout()).write("out".getBytes(StandardCharsets.UTF_8));
        Objects.requireNonNull(io.stderr()).write("err".getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    private static int sizes(ProcessIo io) throws IOException, InterruptedException {
        ProcessIo.TerminalSize size = Objects.requireNonNull(io.nextSize());
        String words = io.tty() + " " + size.width() + "x" + size.height();
        Objects.requireNonNull(io.stdout()).write(words.getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    private int sleepUntilInterrupted() throws InterruptedException {
        try {
            new Semaphore(0).acquire();
            return 0;
        } catch (InterruptedException e) {
            interrupted.release();
            throw e;
        }
    }

    @Override
    public void attach(PodKey key, String container, ProcessIo io) throws IOException {
        asked.add("attach " + container);
        cat(io);
    }

    @Override
    public void portForward(PodKey key, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        asked.add("portForward " + port);
        if (port == 81) {
            throw new BackendException(BackendException.Reason.CONFLICT, "connection refused");
        }
        in.transferTo(out);
    }

    @Override
    public void listen(PodListener listener) {}

    @Override
    public void createPod(PodBundle bundle) {}

    @Override
    public void updatePod(PodBundle bundle) {}

    @Override
    public void deletePod(PodKey key, Deletion deletion) {}

    @Override
    public Optional<HostedPod> getPod(PodKey key) {
        return pods().stream()
                .filter(pod -> PodKey.of(pod).equals(key))
                .map(EchoPods::hosted)
                .findFirst();
    }

    @Override
    public List<HostedPod> getPods() {
        return pods().stream().map(EchoPods::hosted).toList();
    }

    private static HostedPod hosted(Pod pod) {
        PodKey key = PodKey.of(pod);
        return new HostedPod(
                key, pod, new PodReport(key, 1, pod.getStatus(), PodReport.Stage.ACTIVE));
    }

    @Override
    public HostDescription describeHost() {
        return new HostDescription(
                new HostDescription.Health(true, Instant.EPOCH, ""),
                new HostDescription.SystemInfo("linux", "amd64", "", "", "", "m1", "u1", "b1"),
                Map.of("cpu", new Quantity("2"), "memory", new Quantity("4Gi")),
                HostDescription.Pressures.NONE,
                List.of(),
                List.of(),
                "");
    }

    @Override
    public PodStreams streams() {
        return this;
    }

    @Override
    public HostStats stats() {
        Instant time = Instant.ofEpochSecond(1_700_000_000);
        HostStats.Usage usage =
                new HostStats.Usage(
                        time,
                        time.minusSeconds(60),
                        1_500_000_000L,
                        250_000_000L,
                        300L,
                        200L,
                        100L,
                        null,
                        7L,
                        1L,
                        3L);
        HostStats.Network network =
                new HostStats.Network(
                        time,
                        Map.of(
                                "eth0",
                                new HostStats.Network.Interface(1, 2L, 3, 4L, 5, 6L, 7, 8L)));
        HostStats.Filesystem disk = new HostStats.Filesystem(time, 10L, 20L, 5L, null, null, null);
        HostStats.Container container =
                new HostStats.Container(CONTAINER, "c0ffee", "echo:1", usage, disk, disk, DETAILS);
        HostStats.Pod pod =
                new HostStats.Pod(KEY, usage, network, List.of(container), Map.of("data", disk));
        return new HostStats(usage, network, disk, null, 400L, List.of(pod));
    }

    @Override
    public void close() {}
}
