/* Paths inside volumes, which containers may fill with links: none ever leads out. */
#include "sys.h"

static s64 open_beneath(int root, const char *path, u64 flags, u64 resolve) {
    struct open_how how = {.flags = flags | O_CLOEXEC, .mode = 0, .resolve = resolve};
    s64 fd;
    do fd = sys_openat2(root, path, &how);
    while (fd == -EAGAIN);
    return fd;
}

static s64 open_inside(int root, const char *path, u64 flags) {
    return open_beneath(root, *path ? path : ".", flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
}

/* cat NAME PATH LIMIT: at most LIMIT bytes of a regular file; exit code 2 where there is none. */
int cmd_cat(int argc, char **argv) {
    static u8 buffer[16384];
    struct statx stat;
    u64 limit;
    s64 n;
    int root, fd;
    if (argc != 3) return 64;
    root = open_volume(argv[0]);
    if (root < 0) return 2;
    limit = number(argv[2], 0, 10);
    fd = (int)open_inside(root, argv[1], O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (fd == -ENOENT || fd == -ENOTDIR) return 2;
    if (fd < 0) fail("file", argv[1], fd);
    if (stat_of(fd, "", AT_EMPTY_PATH, &stat) || !is_type(&stat, S_IFREG)) return 2;
    while (limit && (n = sys_read(fd, buffer, limit < sizeof buffer ? limit : sizeof buffer)) > 0) {
        if (write_all(1, buffer, (u64)n)) return 1;
        limit -= (u64)n;
    }
    return 0;
}

/* Opens what a path names, making directories with the root's mode where there is nothing. */
static int open_or_make(int root, char *path) {
    struct statx stat;
    int fd = (int)open_inside(root, path, O_PATH);
    u32 mode;
    if (fd != -ENOENT) return fd;
    if (stat_of(root, "", AT_EMPTY_PATH, &stat)) return -EIO;
    mode = stat.stx_mode & 07777;
    for (char *c = path;; c++) {
        char end = *c, *name;
        int parent, made = 0;
        if (end != '/' && end != 0) continue;
        *c = 0;
        for (name = c; name > path && name[-1] != '/';) name--;
        fd = (int)open_inside(root, path, O_PATH);
        if (fd == -ENOENT && *name) {
            if (name > path) name[-1] = 0;
            parent = (int)open_inside(root, name > path ? path : ".", O_PATH | O_DIRECTORY);
            if (name > path) name[-1] = '/';
            if (parent < 0) return parent;
            made = (int)sys_mkdirat(parent, name, mode);
            sys_close(parent);
            if (made && made != -EEXIST) return made;
            fd = (int)open_inside(root, path, O_PATH);
        }
        if (fd < 0) return fd;
        *c = end;
        if (!end) return fd;
        sys_close(fd);
    }
}

static s64 path_of(int fd, char *path) {
    char link[PATH_LENGTH] = "/proc/self/fd/";
    s64 n;
    append_number(link, (u64)fd, 0);
    n = sys_readlinkat(AT_FDCWD, link, path, PATH_LENGTH - 1);
    path[n > 0 ? n : 0] = 0;
    return n;
}

/* What an open file's path is beneath an open directory; null where it is not beneath. */
static const char *path_beneath(int root, int fd, char *path) {
    char above[PATH_LENGTH];
    u64 n;
    if (path_of(root, above) <= 0 || path_of(fd, path) <= 0) return 0;
    n = length(above);
    if (equal(path, above)) return "";
    if (!starts_with(path, above) || path[n] != '/') return 0;
    return path + n + 1;
}

/*
 * sub NAME PATH ...: for each pair a line "D real" or "F real", the real path without links, made
 * as a directory where there was nothing.
 */
int cmd_sub(int argc, char **argv) {
    if (await_prepared()) fail("volumes", VOLUMES, -ETIMEDOUT);
    for (int i = 0; i + 1 < argc; i += 2) {
        char real[PATH_LENGTH], given[PATH_LENGTH] = "";
        struct statx stat;
        const char *beneath;
        int root = open_volume(argv[i]), fd;
        if (root < 0) fail("volume", argv[i], root);
        append(given, argv[i + 1]);
        fd = open_or_make(root, given);
        if (fd < 0) fail("subPath", argv[i + 1], fd);
        beneath = path_beneath(root, fd, real);
        if (!beneath || stat_of(fd, "", AT_EMPTY_PATH, &stat)) fail("subPath", argv[i + 1], -EXDEV);
        print(1, is_type(&stat, S_IFDIR) ? "D " : "F ");
        print(1, beneath);
        print(1, "\n");
        sys_close(fd);
        sys_close(root);
    }
    return 0;
}

/*
 * file NAME ENTRY: the empty directory ENTRY of a volume becomes an empty file, on which a file can
 * be mounted.
 */
int cmd_file(int argc, char **argv) {
    struct statx stat;
    s64 fd;
    int root;
    if (argc != 2) return 64;
    root = open_volume(argv[0]);
    if (root < 0) fail("volume", argv[0], root);
    if (stat_of(root, argv[1], AT_SYMLINK_NOFOLLOW, &stat) == 0 && is_type(&stat, S_IFREG))
        return 0;
    sys_unlinkat(root, argv[1], AT_REMOVEDIR);
    fd = sys_openat(root, argv[1], O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
    if (fd < 0) fail("file", argv[1], fd);
    return 0;
}

static int open_pin(const char *name) {
    char path[PATH_LENGTH] = VOLUMES "/";
    append(path, name);
    return (int)sys_openat(AT_FDCWD, path, O_PATH | O_NOFOLLOW, 0);
}

/*
 * same NAME REAL PIN ...: whether each volume PIN is the directory or file REAL of the volume NAME, where
 * REAL is reached without a single link.
 */
int cmd_same(int argc, char **argv) {
    for (int i = 0; i + 2 < argc; i += 3) {
        struct statx want, have;
        int root = open_volume(argv[i]), pin = open_pin(argv[i + 2]), fd;
        if (root < 0) fail("volume", argv[i], root);
        if (pin < 0) fail("volume", argv[i + 2], pin);
        fd = (int)open_beneath(root, argv[i + 1], O_PATH,
                               RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
        if (fd < 0) fail("subPath", argv[i + 1], fd);
        if (stat_of(fd, "", AT_EMPTY_PATH, &want) || stat_of(pin, "", AT_EMPTY_PATH, &have) ||
            want.stx_ino != have.stx_ino || want.stx_dev_major != have.stx_dev_major ||
            want.stx_dev_minor != have.stx_dev_minor)
            fail("subPath", argv[i + 1], -EXDEV);
        sys_close(fd);
        sys_close(pin);
        sys_close(root);
    }
    return 0;
}

/* ---- hostPath ---- */

static int host_open(int host, const char *path, u64 flags) {
    return (int)open_beneath(host, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

/* Makes a path on the host: directories 0755, and at its end a directory or an empty file 0644. */
static s64 host_make(int host, char *path, int file) {
    s64 error = 0;
    for (char *c = path + 1; !error; c++) {
        char end = *c, *slash = c;
        int parent, there;
        if (end != '/' && end != 0) continue;
        *c = 0;
        there = host_open(host, path, O_PATH);
        if (there >= 0) sys_close(there);
        while (*slash != '/') slash--;
        if (there == -ENOENT && slash[1]) {
            *slash = 0;
            parent = host_open(host, slash == path ? "/" : path, O_PATH | O_DIRECTORY);
            *slash = '/';
            if (parent < 0) return parent;
            if (!end && file) {
                there = (int)sys_openat(parent, slash + 1, O_CREAT | O_EXCL | O_WRONLY, 0644);
                error = there < 0 ? there : 0;
                if (there >= 0) sys_close(there);
            } else {
                error = sys_mkdirat(parent, slash + 1, 0755);
            }
            if (error == -EEXIST) error = 0;
            sys_close(parent);
        } else if (there < 0 && there != -ENOENT) {
            error = there;
        }
        *c = end;
        if (!end) break;
    }
    return error;
}

static u32 host_type(const char *type, const char **what, int *make, int *file) {
    *make = starts_with(type, "new");
    *file = equal(type, "newfile");
    if (equal(type, "dir") || equal(type, "newdir")) return *what = "a directory", S_IFDIR;
    if (equal(type, "file") || equal(type, "newfile")) return *what = "a file", S_IFREG;
    if (equal(type, "socket")) return *what = "a socket", S_IFSOCK;
    if (equal(type, "char")) return *what = "a character device", S_IFCHR;
    if (equal(type, "block")) return *what = "a block device", S_IFBLK;
    return *what = "", 0;
}

/*
 * check TYPE PATH ...: the host's root is the volume "host"; whether each path is there and of the
 * type. newdir, newfile and any make what is missing. Prints "D" or "F" for each.
 */
int cmd_check(int argc, char **argv) {
    int host = open_volume("host");
    if (host < 0) fail("host", "/", host);
    for (int i = 0; i + 1 < argc; i += 2) {
        char path[PATH_LENGTH] = "";
        const char *what;
        struct statx stat;
        int make, file, fd;
        u32 type = host_type(argv[i], &what, &make, &file);
        s64 error;
        append(path, argv[i + 1]);
        if (path[0] != '/') fail("hostPath", path, -EINVAL);
        if ((make || !type) && (error = host_make(host, path, file)))
            fail("hostPath", path, error);
        fd = host_open(host, path, O_PATH);
        if (fd < 0) fail("hostPath", path, fd);
        if (stat_of(fd, "", AT_EMPTY_PATH, &stat)) fail("hostPath", path, -EIO);
        if (type && !is_type(&stat, type)) {
            print(2, "hostPath ");
            print(2, path);
            print(2, ": is not ");
            print(2, what);
            print(2, "\n");
            return 1;
        }
        print(1, is_type(&stat, S_IFDIR) ? "D\n" : "F\n");
        sys_close(fd);
    }
    return 0;
}

/* ---- use ---- */

static void use_of(int dir, const char *name, u64 *bytes, u64 *inodes) {
    char buffer[4096] __attribute__((aligned(8)));
    struct statx stat;
    s64 n;
    int fd;
    if (stat_of(dir, name, AT_SYMLINK_NOFOLLOW, &stat)) return;
    *bytes += stat.stx_blocks * 512;
    *inodes += 1;
    if (!is_type(&stat, S_IFDIR)) return;
    fd = (int)sys_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0) return;
    while ((n = sys_getdents(fd, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; at < n;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            at += entry->size;
            if (!is_dots(entry->name)) use_of(fd, entry->name, bytes, inodes);
        }
    sys_close(fd);
}

/*
 * du NAME ...: for each a line "NAME bytes inodes capacity available inodes-of-fs inodes-free"; of
 * =NAME the whole file system's use, which needs no walk.
 */
int cmd_du(int argc, char **argv) {
    for (int i = 0; i < argc; i++) {
        u64 values[6] = {0};
        struct statfs fs;
        int whole = argv[i][0] == '=';
        const char *name = argv[i] + whole;
        int root = open_volume(name);
        if (root < 0) continue;
        if (!whole) use_of(root, ".", &values[0], &values[1]);
        if (sys_fstatfs(root, &fs) == 0) {
            if (whole) {
                values[0] = ((u64)fs.f_blocks - (u64)fs.f_bfree) * (u64)fs.f_bsize;
                values[1] = (u64)fs.f_files - (u64)fs.f_ffree;
            }
            values[2] = (u64)fs.f_blocks * (u64)fs.f_bsize;
            values[3] = (u64)fs.f_bavail * (u64)fs.f_bsize;
            values[4] = (u64)fs.f_files;
            values[5] = (u64)fs.f_ffree;
        }
        print(1, name);
        for (int v = 0; v < 6; v++) {
            print(1, " ");
            print_number(1, values[v]);
        }
        print(1, "\n");
        sys_close(root);
    }
    return 0;
}

/* clear NAME...: all that is in volumes. */
int cmd_clear(int argc, char **argv) {
    char buffer[4096] __attribute__((aligned(8)));
    for (int i = 0; i < argc; i++) {
        int root = open_volume(argv[i]);
        s64 n;
        if (root < 0) fail("volume", argv[i], root);
        while ((n = sys_getdents(root, buffer, sizeof buffer)) > 0)
            for (s64 at = 0; at < n;) {
                struct dirent64 *entry = (struct dirent64 *)(buffer + at);
                at += entry->size;
                if (!is_dots(entry->name)) remove_tree(root, entry->name);
            }
        sys_close(root);
    }
    return 0;
}
