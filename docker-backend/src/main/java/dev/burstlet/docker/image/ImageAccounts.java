package dev.burstlet.docker.image;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Labels;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.translate.ProcessUser;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The accounts in images, read once for each: the engine shows files of containers only, so one is
 * created for it, never started, and removed.
 */
public final class ImageAccounts {
    private static final int ATTEMPTS = 3;
    private static final int LINKS = 5;
    private static final int BLOCK = 512;
    private static final int MOST = 1 << 30;

    private final EngineClient client;
    private final Images images;
    private final Map<String, Accounts> known = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    public ImageAccounts(EngineClient client, Images images) {
        this.client = client;
        this.images = images;
    }

    /** Whom a container's process is to run as. */
    public ProcessUser of(ContainerSpec spec) {
        SecuritySpec security = spec.security();
        boolean said =
                security.user() != null && security.group() != null && security.strictGroups();
        if (said) {
            return Accounts.NONE.resolve(security, "");
        }
        String user =
                security.user() != null
                        ? ""
                        : images.known(spec.imageId()).map(ImageInfo::user).orElse("");
        return accounts(spec.imageId()).resolve(security, user);
    }

    private Accounts accounts(String imageId) {
        @Nullable Accounts accounts = known.get(imageId);
        if (accounts != null) {
            return accounts;
        }
        synchronized (locks.computeIfAbsent(imageId, _ -> new Object())) {
            accounts = known.get(imageId);
            if (accounts == null) {
                accounts = read(imageId);
                known.put(imageId, accounts);
            }
        }
        locks.remove(imageId);
        return accounts;
    }

    private Accounts read(String imageId) {
        String hash = imageId.substring(imageId.indexOf(':') + 1);
        String name = "burstlet-accounts-" + hash.substring(0, Math.min(24, hash.length()));
        for (int i = 1; ; i++) {
            create(name, imageId);
            try {
                return Accounts.parse(file(name, "/etc/passwd"), file(name, "/etc/group"));
            } catch (BackendException e) {
                // Another process that reads the same image's has removed it.
                if (e.reason() != Reason.NOT_FOUND || i == ATTEMPTS) {
                    throw e;
                }
            } finally {
                client.send(
                        Budget.LIFECYCLE,
                        client.callTimeout(),
                        EngineRequest.delete("/containers/" + name + "?force=1&v=1"));
            }
        }
    }

    private void create(String name, String imageId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("Image", imageId);
        body.putArray("Entrypoint").add("/");
        body.putObject("Labels").put(Labels.KIND, "accounts");
        body.putObject("HostConfig").put("NetworkMode", "none");
        EngineAnswer created =
                client.send(
                        Budget.LIFECYCLE,
                        client.callTimeout().multipliedBy(2),
                        EngineRequest.post("/containers/create?name=" + name, body));
        // 409: one is there already, which is as good.
        if (!created.ok() && created.status() != 409) {
            throw client.failure(created);
        }
    }

    /** The file's text; empty where there is none. */
    private String file(String container, String path) {
        String next = path;
        for (int i = 0; i < LINKS; i++) {
            Optional<Entry> entry = entry(container, next);
            if (entry.isEmpty()) {
                return "";
            }
            if (entry.get().link().isEmpty()) {
                return entry.get().text();
            }
            next = target(next, entry.get().link());
        }
        return "";
    }

    private static String target(String path, String link) {
        return link.startsWith("/") ? link : path.substring(0, path.lastIndexOf('/') + 1) + link;
    }

    private Optional<Entry> entry(String container, String path) {
        EngineAnswer answer =
                client.send(
                        Budget.QUERY,
                        client.callTimeout(),
                        EngineRequest.get(
                                "/containers/"
                                        + container
                                        + "/archive?path="
                                        + EngineRequest.encode(path)));
        if (answer.status() == 404 && !answer.message().contains("No such container")) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw client.failure(answer);
        }
        return Optional.of(Entry.of(answer.body().getBytes(StandardCharsets.UTF_8)));
    }

    /** The first entry of a tar archive: a file's text, or where a symbolic link leads. */
    record Entry(String text, String link) {
        static Entry of(byte[] tar) {
            if (tar.length < BLOCK) {
                return new Entry("", "");
            }
            if (tar[156] == '2') {
                return new Entry("", text(tar, 157, 100));
            }
            String octal = text(tar, 124, 12).strip();
            int size =
                    octal.matches("[0-7]{1,11}")
                            ? (int) Math.min(MOST, Long.parseLong(octal, 8))
                            : 0;
            int length = Math.min(size, tar.length - BLOCK);
            return new Entry(new String(tar, BLOCK, length, StandardCharsets.UTF_8), "");
        }

        private static String text(byte[] tar, int at, int length) {
            String text = new String(tar, at, length, StandardCharsets.UTF_8);
            int end = text.indexOf('\0');
            return end < 0 ? text : text.substring(0, end);
        }
    }
}
