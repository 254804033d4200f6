/*
 * The volumes' roots as containers expect them, set by the sandbox's PID 1 before it waits:
 *   -d MODE:UID:GID:NAME  the directory of a volume, made where it is missing
 *   -g GID:NAME           all of a volume given to a group (fsGroup), directories setgid
 *   -m GID:NAME           the same, but only where the root's group or mode differs
 *   -r CONTENTS           what /etc/resolv.conf says, in place: the pod's containers share the file
 * When all is done, the file .ready says so.
 */
#include "sys.h"

#define READY VOLUMES "/.ready"
#define RESOLV_CONF "/etc/resolv.conf"

static void set_directory(const char *spec) {
    const char *at;
    u64 mode = number(spec, &at, 8);
    u64 uid = number(at + 1, &at, 10);
    u64 gid = number(at + 1, &at, 10);
    char path[PATH_LENGTH] = VOLUMES "/";
    s64 fd;
    append(path, at + 1);
    sys_mkdirat(AT_FDCWD, path, mode);
    fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0) fail("volume", at + 1, fd);
    if ((fd = sys_fchown((int)fd, uid, gid) ? -EPERM : sys_fchmod((int)fd, mode)))
        fail("volume", at + 1, fd);
}

/* One file or directory, reached by a descriptor that no rename can lead elsewhere. */
static void give(int fd, const struct statx *stat, u64 gid) {
    char self[PATH_LENGTH] = "/proc/self/fd/";
    u32 mode = (stat->stx_mode & 07777) | 0660;
    sys_fchownat(fd, "", -1, gid, AT_EMPTY_PATH);
    if (is_type(stat, S_IFLNK)) return;
    if (is_type(stat, S_IFDIR)) mode |= 02110;
    append_number(self, (u64)fd, 0);
    sys_fchmodat(AT_FDCWD, self, mode);
}

static void give_tree(int dir, const char *name, u64 gid) {
    struct statx stat;
    int fd = (int)sys_openat(dir, name, O_PATH | O_NOFOLLOW, 0), list;
    char buffer[4096] __attribute__((aligned(8)));
    s64 n;
    if (fd < 0) return;
    if (stat_of(fd, "", AT_EMPTY_PATH, &stat) == 0) give(fd, &stat, gid);
    if (is_type(&stat, S_IFDIR)) {
        list = (int)sys_openat(fd, ".", O_RDONLY | O_DIRECTORY, 0);
        while (list >= 0 && (n = sys_getdents(list, buffer, sizeof buffer)) > 0)
            for (s64 at = 0; at < n;) {
                struct dirent64 *entry = (struct dirent64 *)(buffer + at);
                at += entry->size;
                if (!is_dots(entry->name)) give_tree(list, entry->name, gid);
            }
        if (list >= 0) sys_close(list);
    }
    sys_close(fd);
}

static void set_group(const char *spec, int only_on_mismatch) {
    const char *name;
    u64 gid = number(spec, &name, 10);
    struct statx stat;
    int fd = open_volume(++name);
    if (fd < 0) fail("volume", name, fd);
    if (stat_of(fd, "", AT_EMPTY_PATH, &stat)) fail("volume", name, -EIO);
    if (!only_on_mismatch || stat.stx_gid != gid || (stat.stx_mode & 02770) != 02770)
        give_tree(fd, ".", gid);
    sys_close(fd);
}

static void set_resolv_conf(const char *contents) {
    s64 fd = sys_openat(AT_FDCWD, RESOLV_CONF, O_WRONLY | O_TRUNC | O_NOFOLLOW, 0);
    u64 left = length(contents);
    if (fd < 0) fail("open", RESOLV_CONF, fd);
    while (left > 0) {
        s64 written = sys_write((int)fd, contents, left);
        if (written <= 0) fail("write", RESOLV_CONF, written ? written : -EIO);
        contents += written;
        left -= (u64)written;
    }
    sys_close((int)fd);
}

int prepare(int argc, char **argv) {
    s64 fd;
    for (int i = 0; i + 1 < argc; i += 2) {
        if (argv[i][1] == 'd')
            set_directory(argv[i + 1]);
        else if (argv[i][1] == 'g' || argv[i][1] == 'm')
            set_group(argv[i + 1], argv[i][1] == 'm');
        else if (argv[i][1] == 'r')
            set_resolv_conf(argv[i + 1]);
        else
            return 64;
    }
    fd = sys_openat(AT_FDCWD, READY, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);
    if (fd >= 0) sys_close((int)fd);
    return 0;
}

int await_prepared(void) {
    struct statx stat;
    for (u64 waited = 0; waited < 20000; waited += 2) {
        if (stat_of(AT_FDCWD, READY, AT_SYMLINK_NOFOLLOW, &stat) == 0) return 0;
        sleep_millis(2);
    }
    return -ETIMEDOUT;
}
