package dev.burstlet.container.memory;

import dev.burstlet.container.Content;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.memory.file.Credentials;
import dev.burstlet.container.memory.file.FileView;
import dev.burstlet.container.memory.file.Inode.Directory;
import dev.burstlet.container.memory.file.Inode.RegularFile;
import dev.burstlet.container.memory.file.Tree;
import dev.burstlet.container.memory.shell.Streams;
import dev.burstlet.container.memory.shell.Task;
import dev.burstlet.container.memory.shell.Vocabulary;
import dev.burstlet.container.memory.shell.World;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the processes of one container see. Files are laid out when first looked at. */
final class Surroundings implements World {
    private final MemoryContainer container;
    private @Nullable Map<String, Tree> mounts;
    private @Nullable FileView files;

    Surroundings(MemoryContainer container) {
        this.container = container;
    }

    void mounts(Map<String, Tree> byPath) {
        mounts = byPath.isEmpty() ? null : byPath;
    }

    @Override
    public synchronized FileView files() {
        if (files == null) {
            Tree root = Tree.of(root(), 0);
            boolean readOnly = container.spec().security().readOnlyRootfs();
            FileView made =
                    new FileView(
                            container.host().fileLock(), root, mounts == null ? Map.of() : mounts);
            files = readOnly ? made.withReadOnlyRoot() : made;
        }
        return files;
    }

    private Directory root() {
        Directory root = new Directory(0755, 0, 0);
        Directory bin = root.make("bin", 0755, 0, 0);
        Vocabulary.names()
                .forEach(name ->
                        bin.entries().put(name, new RegularFile(0755, 0, 0, Content.EMPTY)));
        Directory etc = root.make("etc", 0755, 0, 0);
        for (String name : List.of("dev", "home", "proc", "root", "sys", "usr", "var", "run")) {
            root.make(name, 0755, 0, 0);
        }
        root.make("tmp", 01777, 0, 0);
        etc.entries().put("hostname", text(hostname() + "\n"));
        etc.entries().put("hosts", text("127.0.0.1\tlocalhost\n"));
        etc.entries().put("passwd", text("root:x:0:0:root:/root:/bin/sh\n"));
        etc.entries().put("resolv.conf", text(resolver(container.spec().sandbox().dns())));
        return root;
    }

    private static RegularFile text(String text) {
        return new RegularFile(0644, 0, 0, Content.utf8(text));
    }

    private static String resolver(SandboxSpec.Dns dns) {
        StringBuilder text = new StringBuilder();
        if (!dns.searches().isEmpty()) {
            text.append("search ").append(String.join(" ", dns.searches())).append('\n');
        }
        dns.servers().forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!dns.options().isEmpty()) {
            text.append("options ").append(String.join(" ", dns.options())).append('\n');
        }
        return text.toString();
    }

    @Override
    public Credentials user() {
        var security = container.spec().security();
        String[] image = container.image().info().user().split(":", 2);
        @Nullable Long user = security.user();
        @Nullable Long group = security.group();
        long uid = user == null ? number(image[0]) : user;
        long gid = group != null ? group : user == null && image.length > 1 ? number(image[1]) : 0;
        List<Long> groups = new ArrayList<>();
        groups.add(gid);
        security.supplementalGroups().stream().filter(g -> g != gid).forEach(groups::add);
        return new Credentials(uid, gid, groups);
    }

    private static long number(String text) {
        return !text.isEmpty() && text.chars().allMatch(Character::isDigit)
                ? Long.parseLong(text)
                : 0;
    }

    @Override
    public String hostname() {
        @Nullable String name = container.sandbox().spec().hostname();
        return name == null ? container.host().name() : name;
    }

    @Override
    public Instant now() {
        return container.host().now();
    }

    /** The variables of a process, HOME and PATH among them. */
    Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        variables.put("HOSTNAME", hostname());
        container
                .image()
                .env()
                .forEach(entry -> {
                    int equals = entry.indexOf('=');
                    variables.put(entry.substring(0, equals), entry.substring(equals + 1));
                });
        container.spec().env().forEach(one -> variables.put(one.name(), one.value()));
        variables.putIfAbsent("HOME", user().uid() == 0 ? "/root" : "/");
        return variables;
    }

    String directory() {
        String wanted = container.spec().workingDir();
        String image = container.image().workingDir();
        return !wanted.isEmpty() ? wanted : image.isEmpty() ? "/" : image;
    }

    /** The containers whose processes this one's see. */
    private List<MemoryContainer> neighbours() {
        SandboxSpec.Namespaces namespaces = container.sandbox().spec().namespaces();
        List<MemoryContainer> all = container.host().containersOf(container.sandbox());
        if (namespaces.sharePid() || namespaces.hostPid()) {
            return all;
        }
        String own = target(container);
        return all.stream().filter(other -> target(other).equals(own)).toList();
    }

    private static String target(MemoryContainer container) {
        @Nullable String target = container.spec().targetContainerId();
        return target == null ? container.id() : target;
    }

    @Override
    public List<Entry> processes() {
        List<Entry> entries = new ArrayList<>();
        if (container.sandbox().spec().namespaces().sharePid()) {
            entries.add(new Entry(1, 65535, "/pause"));
        }
        for (MemoryContainer one : neighbours()) {
            @Nullable Running process = one.process();
            if (process != null) {
                String command = String.join(" ", Launch.command(one));
                entries.add(new Entry(process.pid(), one.surroundings().user().uid(), command));
            }
        }
        return entries;
    }

    @Override
    public boolean kill(int pid, int signal) {
        for (MemoryContainer one : neighbours()) {
            @Nullable Running process = one.process();
            if (process != null && process.pid() == pid) {
                if (pid != 1 || signal != 9) {
                    process.signal(signal);
                }
                return true;
            }
            for (Task task : one.execs()) {
                if (task.pid() == pid) {
                    task.signal(signal);
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public AutoCloseable listen(int port, Service service) throws IOException {
        Map<Integer, Service> listeners = container.sandbox().listeners();
        if (listeners.putIfAbsent(port, service) != null) {
            throw new IOException("bind: Address already in use");
        }
        return () -> listeners.remove(port, service);
    }

    @Override
    public boolean connect(int port, Streams streams) throws IOException, InterruptedException {
        @Nullable Service service = container.host().service(container.sandbox(), port);
        if (service == null) {
            return false;
        }
        service.serve(streams);
        return true;
    }

    @Override
    public boolean exhaustMemory() {
        if (container.resources().memoryBytes() == 0) {
            return false;
        }
        container.outOfMemory();
        return true;
    }
}
