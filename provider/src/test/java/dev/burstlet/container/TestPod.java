package dev.burstlet.container;

import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.pod.PodKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod of a test: first described, then run, then given containers. */
public final class TestPod {
    private final Workbench bench;
    private final PodKey key;
    private final List<VolumeSpec> volumes = new ArrayList<>();
    private final List<SandboxSpec.PortMapping> ports = new ArrayList<>();
    private Owner owner;
    private int attempt;
    private boolean sharePid;
    private Resources resources = Resources.NONE;
    private Resources overhead = Resources.NONE;
    private @Nullable SandboxSpec spec;
    private @Nullable String sandboxId;

    TestPod(Workbench bench, PodKey key) {
        this.bench = bench;
        this.key = key;
        this.owner = bench.owner();
    }

    public PodKey key() {
        return key;
    }

    public TestPod attempt(int number) {
        attempt = number;
        return this;
    }

    public TestPod ownedBy(Owner other) {
        owner = other;
        return this;
    }

    public TestPod sharePid() {
        sharePid = true;
        return this;
    }

    /** What its containers may have together, and what its sandbox needs beside them. */
    public TestPod resources(Resources together, Resources beside) {
        resources = together;
        overhead = beside;
        return this;
    }

    public TestPod hostPort(int port) {
        ports.add(new SandboxSpec.PortMapping("TCP", port, port, ""));
        return this;
    }

    public TestPod volume(String name, Source source) {
        return volume(name, source, null);
    }

    public TestPod volume(String name, Source source, @Nullable Long fsGroup) {
        volumes.add(new VolumeSpec(name, source, fsGroup, false));
        return this;
    }

    /** An empty directory on disk. */
    public TestPod scratch(String name) {
        return volume(name, new Source.Scratch(0));
    }

    /** A volume of published files. */
    public TestPod files(String name) {
        return volume(name, new Source.Files());
    }

    /** The spec of the sandbox, as it is now described. */
    public SandboxSpec describe() {
        return new SandboxSpec(
                owner,
                key,
                attempt,
                "host-of-" + key.name(),
                SandboxSpec.Dns.HOST,
                ports,
                new SandboxSpec.Namespaces(false, false, false, sharePid, false),
                Map.of(),
                SecuritySpec.DEFAULT,
                resources,
                overhead,
                volumes,
                "",
                "",
                Labels.sandbox(owner, key, attempt),
                Map.of());
    }

    /** Makes the volumes and runs the sandbox. */
    public TestPod run() {
        SandboxSpec described = describe();
        bench.engine().ensureVolumes(owner, key, volumes);
        spec = described;
        sandboxId = bench.engine().runPodSandbox(described);
        return this;
    }

    public SandboxSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("not run");
        }
        return spec;
    }

    public String sandboxId() {
        if (sandboxId == null) {
            throw new IllegalStateException("not run");
        }
        return sandboxId;
    }

    public SandboxStatus status() {
        return bench.engine().listPodSandboxes(new Filter(owner, key.uid())).stream()
                .filter(sandbox -> sandbox.id().equals(sandboxId))
                .findFirst()
                .orElseThrow();
    }

    public void publish(String volume, boolean atomic, Publication.File... files) {
        bench.engine()
                .publish(
                        sandboxId(), key, List.of(new Publication(volume, List.of(files), atomic)));
    }

    /** The same for a volume that others are mounted inside of. */
    public void publish(String volume, List<String> mountPoints, Publication.File... files) {
        bench.engine()
                .publish(
                        sandboxId(),
                        key,
                        List.of(new Publication(volume, List.of(files), true, mountPoints)));
    }

    /** A container that is not made yet. */
    public TestContainer container(String name) {
        return new TestContainer(bench, this, owner, name);
    }

    /** A running container that does nothing. */
    public String idle(String name) {
        return container(name).command("sleep", "3600").start();
    }
}
