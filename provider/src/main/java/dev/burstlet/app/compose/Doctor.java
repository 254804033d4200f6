package dev.burstlet.app.compose;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.Cri;
import dev.burstlet.app.config.Docker;
import dev.burstlet.app.config.Node;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription.RuntimeHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at one host for what pods need there, and says what to do about what lacks. */
public final class Doctor {
    private static final Duration SOON = Duration.ofDays(30);
    private static final List<String> MACHINES =
            List.of("kata", "qemu", "clh", "cloud-hypervisor", "firecracker");

    private final Path slash;
    private final InstantSource clock;
    private final Consumer<Finding> tell;
    private boolean good = true;

    /**
     * Looks below a folder that stands for the host's root.
     *
     * @param tell is told what is found, one thing at a time
     */
    public Doctor(Path slash, InstantSource clock, Consumer<Finding> tell) {
        this.slash = slash;
        this.clock = clock;
        this.tell = tell;
    }

    /** Whether nothing was found that has to be changed. */
    public boolean good() {
        return good;
    }

    /** The engine of a node and what of the host it depends on. */
    public void engine(Node node) {
        Cri cri = node.cri();
        Docker docker = node.docker();
        String endpoint = cri != null ? cri.endpoint() : docker != null ? docker.endpoint() : "";
        if (endpoint.startsWith("unix://") && !socket(Path.of(endpoint.substring(7)))) {
            return;
        }
        try (ContainerEngine engine = Engines.open(node)) {
            EngineInfo info = engine.info();
            ok("runtime: " + info.system().containerRuntimeVersion());
            if (cri != null) {
                handlers(info, cri.runtimeHandler());
            }
        } catch (BackendException e) {
            wrong("runtime: " + e.getMessage(), advice(String.valueOf(e.getMessage())));
        } catch (ConfigurationException e) {
            wrong("runtime: " + e.getMessage(), "see 'burstlet keys'");
        }
        if (cri != null) {
            tmpfs();
            room(Path.of(cri.root()));
        }
        cgroups();
    }

    private boolean socket(Path path) {
        if (!Files.exists(path)) {
            return wrong(
                    "socket: " + path + " does not exist",
                    "start the runtime, or name the socket that it listens on");
        }
        boolean open = Files.isReadable(path) && Files.isWritable(path);
        return open
                ? ok("socket: " + path)
                : wrong("socket: " + path + " may not be opened", "run as root");
    }

    private static String advice(String problem) {
        if (problem.contains("NetworkReady")) {
            return "put the CNI plugins and a network configuration where the runtime looks for"
                    + " them, as /opt/cni/bin and /etc/cni/net.d";
        }
        if (problem.contains("RuntimeReady")) {
            return "look into the runtime's log";
        }
        if (problem.contains("UNIMPLEMENTED") || problem.contains("unknown service")) {
            return "enable the CRI: containerd's configuration must not have \"cri\" in"
                    + " disabled_plugins";
        }
        return "look into the runtime's log";
    }

    private void handlers(EngineInfo info, String wanted) {
        List<String> names =
                info.runtimeHandlers().stream()
                        .map(RuntimeHandler::name)
                        .filter(name -> !name.isEmpty())
                        .toList();
        ok("runtime handlers: " + (names.isEmpty() ? "none are told" : String.join(", ", names)));
        if (!wanted.isEmpty() && !names.isEmpty() && !names.contains(wanted)) {
            wrong(
                    "runtime handler " + wanted + " is not among them",
                    "add it to the runtime's configuration and restart the runtime: docs/kata.md");
        }
        if (names.stream().anyMatch(Doctor::machine)) {
            kvm();
        }
    }

    private static boolean machine(String name) {
        return MACHINES.stream().anyMatch(name::contains);
    }

    private void kvm() {
        Path device = slash.resolve("dev/kvm");
        boolean accelerated =
                lines("proc/cpuinfo").anyMatch(line -> line.matches("flags.*\\b(vmx|svm)\\b.*"));
        if (!Files.exists(device)) {
            wrong(
                    "KVM: there is no /dev/kvm",
                    "load kvm_intel or kvm_amd; in a virtual machine, enable nested"
                            + " virtualization. Without it machines are emulated: seconds to start");
        } else if (!accelerated) {
            wrong(
                    "KVM: /dev/kvm is there, but the processor shows neither vmx nor svm",
                    "enable virtualization in the firmware, or nested virtualization in the"
                            + " hypervisor below");
        } else {
            ok("KVM: /dev/kvm");
        }
    }

    private void tmpfs() {
        boolean known = lines("proc/filesystems").anyMatch(line -> line.endsWith("\ttmpfs"));
        boolean may =
                lines("proc/self/status")
                        .filter(line -> line.startsWith("CapEff:"))
                        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                        .anyMatch(capabilities -> (capabilities & (1L << 21)) != 0);
        if (known && may) {
            ok("tmpfs: secrets are kept in memory");
        } else {
            wrong(
                    known ? "tmpfs: may not be mounted by us" : "tmpfs: the kernel has none",
                    "run as root, with CAP_SYS_ADMIN: secrets are kept on tmpfs only");
        }
    }

    private void room(Path root) {
        Path there = root;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            long all = Math.max(1, Files.getFileStore(there).getTotalSpace());
            String text = "disk: %s has %d MiB free of %d".formatted(root, free >> 20, all >> 20);
            if (free * 10 < all) {
                wrong(text, "below 10 % a kubelet says DiskPressure: free some, or choose --root");
            } else {
                ok(text);
            }
        } catch (IOException e) {
            wrong("disk: " + root + ": " + e.getMessage(), "choose another --root");
        }
    }

    private void cgroups() {
        if (Files.exists(slash.resolve("sys/fs/cgroup/cgroup.controllers"))) {
            ok("cgroups: version 2");
            return;
        }
        List<String> lacks =
                Stream.of("cpu", "memory", "pids")
                        .filter(name -> !Files.isDirectory(slash.resolve("sys/fs/cgroup/" + name)))
                        .collect(Collectors.toList());
        if (lacks.isEmpty()) {
            ok("cgroups: version 1");
        } else {
            wrong(
                    "cgroups: no " + String.join(", ", lacks),
                    "mount them, or boot with systemd.unified_cgroup_hierarchy=1");
        }
    }

    /** The clock of this host, by what keeps it. */
    public void clock() {
        boolean kept =
                Files.exists(slash.resolve("run/systemd/timesync/synchronized"))
                        || Stream.of("run/chrony/chronyd.pid", "run/chronyd.pid", "run/ntpd.pid")
                                .anyMatch(pid -> Files.exists(slash.resolve(pid)));
        if (kept) {
            ok("clock: kept by a time service");
        } else {
            tell.accept(
                    Finding.ok(
                            "clock: no time service is known to keep it; tokens, certificates and"
                                    + " log times depend on it"));
        }
    }

    /** A certificate of ours or of an authority. */
    public void certificate(String what, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant end = certificate.getNotAfter().toInstant();
            Instant now = clock.instant();
            String text =
                    "%s: %s, until %s"
                            .formatted(what, certificate.getSubjectX500Principal().getName(), end);
            if (end.isBefore(now)) {
                wrong(text + ": expired", "renew it; it is read again within seconds");
            } else if (certificate.getNotBefore().toInstant().isAfter(now)) {
                wrong(text + ": not valid yet", "compare the clocks of the hosts");
            } else if (end.isBefore(now.plus(SOON))) {
                wrong(text + ": ends soon", "renew it; it is read again within seconds");
            } else {
                ok(text);
            }
        } catch (IOException | CertificateException e) {
            wrong(what + ": " + file + ": " + e.getMessage(), "give a readable PEM file");
        }
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readAllLines(slash.resolve(file)).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private boolean ok(String text) {
        tell.accept(Finding.ok(text));
        return true;
    }

    private boolean wrong(String text, String advice) {
        good = false;
        tell.accept(Finding.wrong(text + ": " + advice));
        return false;
    }
}
