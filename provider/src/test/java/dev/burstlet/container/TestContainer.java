package dev.burstlet.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container of a test: first described, then made. */
public final class TestContainer {
    private final Workbench bench;
    private final TestPod pod;
    private final Owner owner;
    private final String name;
    private final List<ContainerSpec.EnvVar> env = new ArrayList<>();
    private final List<ContainerSpec.Mount> mounts = new ArrayList<>();
    private List<String> command = List.of();
    private List<String> args = List.of();
    private ContainerKind kind = ContainerKind.APP;
    private int attempt;
    private String workingDir = "";
    private String stopSignal = "";
    private @Nullable String imageId;
    private @Nullable String target;
    private @Nullable Long user;
    private @Nullable Long group;
    private List<Long> groups = List.of();
    private boolean strictGroups;
    private boolean readOnlyRoot;
    private boolean stdin;
    private boolean stdinOnce;
    private boolean tty;
    private Resources resources = Resources.NONE;

    TestContainer(Workbench bench, TestPod pod, Owner owner, String name) {
        this.bench = bench;
        this.pod = pod;
        this.owner = owner;
        this.name = name;
    }

    public TestContainer command(String... words) {
        command = List.of(words);
        return this;
    }

    public TestContainer args(String... words) {
        args = List.of(words);
        return this;
    }

    /** Runs a script. */
    public TestContainer script(String text) {
        return command("sh", "-c", text);
    }

    public TestContainer attempt(int number) {
        attempt = number;
        return this;
    }

    public TestContainer env(String variable, String value) {
        env.add(new ContainerSpec.EnvVar(variable, value));
        return this;
    }

    public TestContainer workingDir(String path) {
        workingDir = path;
        return this;
    }

    public TestContainer stopSignal(String signal) {
        stopSignal = signal;
        return this;
    }

    public TestContainer imageId(String id) {
        imageId = id;
        return this;
    }

    public TestContainer targets(String containerId) {
        kind = ContainerKind.EPHEMERAL;
        target = containerId;
        return this;
    }

    public TestContainer user(long uid, @Nullable Long gid, Long... supplemental) {
        user = uid;
        group = gid;
        groups = List.of(supplemental);
        return this;
    }

    public TestContainer strictGroups() {
        strictGroups = true;
        return this;
    }

    public TestContainer readOnlyRoot() {
        readOnlyRoot = true;
        return this;
    }

    public TestContainer stdin(boolean once) {
        stdin = true;
        stdinOnce = once;
        return this;
    }

    public TestContainer tty() {
        tty = true;
        return this;
    }

    public TestContainer resources(Resources limits) {
        resources = limits;
        return this;
    }

    public TestContainer mount(String volume, String path) {
        return mount(volume, "", path, false);
    }

    public TestContainer mount(String volume, String subPath, String path, boolean readOnly) {
        mounts.add(
                new ContainerSpec.Mount(
                        volume, subPath, path, readOnly, false, ContainerSpec.Propagation.NONE));
        return this;
    }

    /** Read only, and so is what is mounted below. */
    public TestContainer mountRecursivelyReadOnly(String volume, String path) {
        mounts.add(
                new ContainerSpec.Mount(
                        volume, "", path, true, true, ContainerSpec.Propagation.NONE));
        return this;
    }

    public String create() {
        SecuritySpec security =
                new SecuritySpec(
                        user,
                        group,
                        groups,
                        false,
                        false,
                        readOnlyRoot,
                        List.of(),
                        List.of(),
                        "",
                        "",
                        null,
                        false,
                        strictGroups);
        return bench.engine()
                .createContainer(
                        new ContainerSpec(
                                owner,
                                pod.key(),
                                name,
                                kind,
                                attempt,
                                pod.sandboxId(),
                                pod.spec(),
                                bench.image(),
                                imageId == null ? bench.imageInfo().id() : imageId,
                                command,
                                args,
                                env,
                                workingDir,
                                mounts,
                                resources,
                                security,
                                stdin,
                                stdinOnce,
                                tty,
                                stopSignal,
                                target,
                                Labels.container(owner, pod.key(), name, kind, attempt, "hash"),
                                Map.of()));
    }

    public String start() {
        String id = create();
        bench.engine().startContainer(id);
        return id;
    }
}
