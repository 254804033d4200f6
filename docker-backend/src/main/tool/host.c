/* The host seen from a container: what /proc does not hide there, and the end of a process. */
#include "sys.h"

static u64 read_file(const char *path, char *buffer, u64 size) {
    int fd = (int)sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    u64 all = 0;
    s64 n;
    if (fd < 0) return 0;
    while (all < size - 1 && (n = sys_read(fd, buffer + all, size - 1 - all)) > 0) all += (u64)n;
    buffer[all] = 0;
    sys_close(fd);
    return all;
}

/* host: the files below, each under a line "== path", and the figures of the root file system. */
int cmd_host(int argc, char **argv) {
    static const char *files[] = {"/proc/stat", "/proc/meminfo", "/proc/vmstat", "/proc/loadavg",
                                  "/proc/sys/kernel/pid_max"};
    static char text[262144];
    struct statfs fs;
    int root;
    (void)argc;
    (void)argv;
    for (u64 i = 0; i < sizeof files / sizeof *files; i++) {
        print(1, "== ");
        print(1, files[i]);
        print(1, "\n");
        write_all(1, text, read_file(files[i], text, sizeof text));
    }
    root = (int)sys_openat(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
    if (root >= 0 && sys_fstatfs(root, &fs) == 0) {
        u64 values[4] = {(u64)fs.f_blocks * (u64)fs.f_bsize, (u64)fs.f_bavail * (u64)fs.f_bsize,
                         (u64)fs.f_files, (u64)fs.f_ffree};
        print(1, "== statfs\nstatfs");
        for (int v = 0; v < 4; v++) {
            print(1, " ");
            print_number(1, values[v]);
        }
        print(1, "\n");
    }
    return 0;
}

#define MOST 4096

static u32 parent_of(u32 pid) {
    char path[PATH_LENGTH] = "/proc/", text[1024], *at;
    u64 n;
    append_number(path, pid, 0);
    append(path, "/stat");
    n = read_file(path, text, sizeof text);
    for (at = text + n; at > text && *at != ')';) at--;
    return n && *at == ')' ? (u32)number(at + 4, 0, 10) : 0;
}

static int contains(const char *text, const char *part) {
    for (; *text; text++)
        if (starts_with(text, part)) return 1;
    return 0;
}

static int knows(const u32 *pids, u32 n, u32 pid) {
    for (u32 i = 0; i < n; i++)
        if (pids[i] == pid) return 1;
    return 0;
}

/* Adds what descends from the known ones; whether there was any. */
static int add_children(u32 *pids, u32 *n) {
    char buffer[8192] __attribute__((aligned(8)));
    int proc = (int)sys_openat(AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY, 0), found = 0;
    s64 some;
    while (proc >= 0 && (some = sys_getdents(proc, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; at < some;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            u32 pid = (u32)number(entry->name, 0, 10);
            at += entry->size;
            if (!pid || *n == MOST || knows(pids, *n, pid)) continue;
            if (!knows(pids, *n, parent_of(pid))) continue;
            pids[(*n)++] = pid;
            found = 1;
        }
    if (proc >= 0) sys_close(proc);
    return found;
}

/* kill PID ID: SIGKILL for a process and its descendants, if its cgroup is container ID's. */
int cmd_kill(int argc, char **argv) {
    static u32 pids[MOST];
    static char cgroup[16384];
    char path[PATH_LENGTH] = "/proc/";
    u32 n = 1;
    if (argc != 2) return 64;
    pids[0] = (u32)number(argv[0], 0, 10);
    append(path, argv[0]);
    append(path, "/cgroup");
    if (pids[0] < 2 || !read_file(path, cgroup, sizeof cgroup)) return 0;
    if (!contains(cgroup, argv[1])) return 2;
    sys_kill(pids[0], SIGSTOP);
    while (add_children(pids, &n)) {
    }
    for (u32 i = 0; i < n; i++) sys_kill(pids[i], SIGKILL);
    return 0;
}
