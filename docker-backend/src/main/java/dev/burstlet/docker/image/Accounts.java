package dev.burstlet.docker.image;

import dev.burstlet.container.SecuritySpec;
import dev.burstlet.docker.translate.ProcessUser;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The users and groups of an image: its {@code /etc/passwd} and {@code /etc/group}. They decide
 * whom a process runs as (Kubernetes: supplementalGroupsPolicy; what CRI runtimes do). Pure.
 */
record Accounts(List<User> users, List<Group> groups) {
    static final Accounts NONE = new Accounts(List.of(), List.of());

    record User(String name, long uid, long gid) {}

    record Group(String name, long gid, Set<String> members) {
        Group {
            members = Set.copyOf(members);
        }
    }

    Accounts {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    /** Lines that cannot be read are left out, as by every reader of these files. */
    static Accounts parse(String passwd, String group) {
        List<User> users = new ArrayList<>();
        for (String line : passwd.lines().toList()) {
            String[] parts = line.split(":", -1);
            if (parts.length >= 4 && number(parts[2]).isPresent() && number(parts[3]).isPresent()) {
                users.add(
                        new User(
                                parts[0],
                                number(parts[2]).getAsLong(),
                                number(parts[3]).getAsLong()));
            }
        }
        List<Group> groups = new ArrayList<>();
        for (String line : group.lines().toList()) {
            String[] parts = line.split(":", -1);
            if (parts.length >= 3 && number(parts[2]).isPresent()) {
                String members = parts.length > 3 ? parts[3] : "";
                groups.add(
                        new Group(
                                parts[0],
                                number(parts[2]).getAsLong(),
                                Set.copyOf(
                                        new LinkedHashSet<>(List.of(members.strip().split(","))))));
            }
        }
        return new Accounts(users, groups);
    }

    /**
     * Whom a process runs as.
     *
     * @param imageUser the image's own, as {@code name}, {@code 1000} or {@code 1000:2000}
     * @throws BackendException INVALID where a name is not among the accounts
     */
    ProcessUser resolve(SecuritySpec security, String imageUser) {
        String[] image = imageUser.split(":", 2);
        @Nullable Long asked = security.user();
        String name = asked != null ? asked.toString() : image[0].isEmpty() ? "0" : image[0];
        Optional<User> account = user(name);
        long uid =
                account.map(User::uid)
                        .orElseGet(() -> number(name).orElseThrow(() -> unknown("user", name)));
        long gid = gid(security, asked == null && image.length > 1 ? image[1] : "", account);
        Set<Long> groups = new LinkedHashSet<>();
        if (!security.strictGroups()) {
            account.ifPresent(user -> groups.addAll(memberships(user.name())));
        }
        groups.addAll(security.supplementalGroups());
        groups.remove(gid);
        return new ProcessUser(uid, gid, List.copyOf(groups));
    }

    private long gid(SecuritySpec security, String imageGroup, Optional<User> account) {
        @Nullable Long asked = security.group();
        if (asked != null) {
            return asked;
        }
        if (imageGroup.isEmpty()) {
            return account.map(User::gid).orElse(0L);
        }
        for (Group group : groups) {
            if (group.name().equals(imageGroup)) {
                return group.gid();
            }
        }
        return number(imageGroup).orElseThrow(() -> unknown("group", imageGroup));
    }

    private Optional<User> user(String nameOrNumber) {
        return users.stream()
                .filter(user ->
                        user.name().equals(nameOrNumber)
                                || Long.toString(user.uid()).equals(nameOrNumber))
                .findFirst();
    }

    private List<Long> memberships(String name) {
        return groups.stream()
                .filter(group -> group.members().contains(name))
                .map(Group::gid)
                .toList();
    }

    private static BackendException unknown(String what, String name) {
        return new BackendException(
                Reason.INVALID,
                "unable to find %s %s: no matching entries in %s file"
                        .formatted(what, name, what.equals("user") ? "passwd" : "group"));
    }

    private static OptionalLong number(String text) {
        return text.matches("[0-9]{1,10}")
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }
}
