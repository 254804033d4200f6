/*
 * Contents into volumes, from a stream on standard input:
 *   A NAME                           begins an atomic publication into a volume
 *   I NAME                           begins one in place: each file written over, inode kept
 *   D PATH                           a directory that something is mounted on, before any file
 *   F MODE UID GID SIZE PATH         a file of it; SIZE bytes follow the line
 *   E                                ends it
 *   Q                                the stream was whole
 * An atomic publication is laid out as the kubelet's: NAME/..<time> holds the files, NAME/..data
 * leads to it and is replaced by rename(2), NAME/file leads through ..data.
 */
#include "sys.h"

#define DATA "..data"
#define LINGER_MILLIS 250

static u8 input[65536];
static u64 input_at, input_end;

struct publication {
    const char *volume;
    int root;   /* the volume */
    int target; /* where the files go: the new directory, or the volume */
    int atomic;
    char fresh[64]; /* the name of the new directory */
};

static int input_byte(void) {
    if (input_at == input_end) {
        s64 n = sys_read(0, input, sizeof input);
        if (n <= 0) fail("input", 0, -EIO);
        input_at = 0;
        input_end = (u64)n;
    }
    return input[input_at++];
}

static void input_line(char *line) {
    u64 n = 0;
    for (;;) {
        int c = input_byte();
        if (c == '\n') break;
        if (n == PATH_LENGTH - 1) fail("input", 0, -ENAMETOOLONG);
        line[n++] = (char)c;
    }
    line[n] = 0;
}

static void input_bytes(u8 *to, u64 n) {
    while (n) {
        u64 some;
        if (input_at == input_end) *to++ = (u8)input_byte(), n--;
        some = input_end - input_at < n ? input_end - input_at : n;
        memcpy(to, input + input_at, some);
        input_at += some;
        to += some;
        n -= some;
    }
}

/* ---- trees ---- */

void remove_tree(int dir, const char *name) {
    char buffer[2048] __attribute__((aligned(8)));
    s64 n;
    int fd;
    if (sys_unlinkat(dir, name, 0) == 0) return;
    fd = (int)sys_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (fd < 0) return;
    while ((n = sys_getdents(fd, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; at < n;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            at += entry->size;
            if (!is_dots(entry->name)) remove_tree(fd, entry->name);
        }
    sys_close(fd);
    sys_unlinkat(dir, name, AT_REMOVEDIR);
}

static int same_content(int a, int b, u64 size) {
    static u8 left[16384], right[16384];
    while (size) {
        u64 want = size < sizeof left ? size : sizeof left;
        s64 n = sys_read(a, left, want);
        if (n <= 0 || sys_read(b, right, (u64)n) != n || memcmp(left, right, (u64)n)) return 0;
        size -= (u64)n;
    }
    return 1;
}

static int same_file(int left, int right, const char *name, const struct statx *stat) {
    int a = (int)sys_openat(left, name, O_RDONLY | O_NOFOLLOW, 0);
    int b = (int)sys_openat(right, name, O_RDONLY | O_NOFOLLOW, 0);
    int same = a >= 0 && b >= 0 && same_content(a, b, stat->stx_size);
    sys_close(a);
    sys_close(b);
    return same;
}

/* Whether two directories hold the same, modes and owners included; 0 also where one is gone. */
static int same_tree(int left_dir, const char *left_name, int right_dir, const char *right_name) {
    char buffer[2048] __attribute__((aligned(8)));
    int left = (int)sys_openat(left_dir, left_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    int right = (int)sys_openat(right_dir, right_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    int same = left >= 0 && right >= 0;
    s64 n, entries = 0;
    while (same && (n = sys_getdents(left, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; same && at < n;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            struct statx a, b;
            at += entry->size;
            entries++;
            if (is_dots(entry->name)) continue;
            same = stat_of(left, entry->name, AT_SYMLINK_NOFOLLOW, &a) == 0 &&
                   stat_of(right, entry->name, AT_SYMLINK_NOFOLLOW, &b) == 0 &&
                   a.stx_mode == b.stx_mode && a.stx_uid == b.stx_uid && a.stx_gid == b.stx_gid;
            if (!same) break;
            if (is_type(&a, S_IFDIR))
                same = same_tree(left, entry->name, right, entry->name);
            else
                same = a.stx_size == b.stx_size && same_file(left, right, entry->name, &a);
        }
    while (same && (n = sys_getdents(right, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; at < n; at += ((struct dirent64 *)(buffer + at))->size) entries--;
    sys_close(left);
    sys_close(right);
    return same && entries == 0;
}

/* ---- files ---- */

/* A directory's mode: 0755, with the setgid bit where the volume has it. */
static void set_directory_mode(int fd, int root) {
    struct statx stat;
    u32 setgid = stat_of(root, "", AT_EMPTY_PATH, &stat) == 0 ? stat.stx_mode & 02000 : 0;
    sys_fchmod(fd, 0755 | setgid);
}

/* Opens the directory of a path beneath another, making what is missing, following no link. */
static int open_parent(struct publication *to, char *path, char **last) {
    int dir = (int)sys_openat(to->target, ".", O_RDONLY | O_DIRECTORY, 0);
    char *name = path;
    for (char *c = path;; c++) {
        int next, made;
        if (*c != '/' && *c != 0) continue;
        if (*c == 0) break;
        *c = 0;
        if (!*name || is_dots(name)) fail("path", path, -EINVAL);
        made = sys_mkdirat(dir, name, 0755) == 0;
        next = (int)sys_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
        if (next < 0) fail("directory", path, next);
        if (made) set_directory_mode(next, to->root);
        sys_close(dir);
        dir = next;
        *c = '/';
        name = c + 1;
    }
    if (!*name || is_dots(name)) fail("path", path, -EINVAL);
    *last = name;
    return dir;
}

static void write_new(int dir, const char *name, const u8 *bytes, u64 size, const u64 *owner) {
    s64 error;
    int fd = (int)sys_openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (fd < 0) fail("file", name, fd);
    if ((error = write_all(fd, bytes, size))) fail("file", name, error);
    if ((error = sys_fchown(fd, owner[1], owner[2]))) fail("owner of", name, error);
    if ((error = sys_fchmod(fd, owner[0]))) fail("mode of", name, error);
    sys_close(fd);
}

static int same_as(int fd, const u8 *bytes, u64 size) {
    u8 *there = allocate(size + 1);
    u64 n = 0;
    s64 some;
    int same;
    while (n <= size && (some = sys_read(fd, there + n, size + 1 - n)) > 0) n += (u64)some;
    same = n == size && memcmp(there, bytes, size) == 0;
    sys_munmap(there, size + 1);
    return same;
}

static void write_over(int dir, const char *name, const u8 *bytes, u64 size, const u64 *owner) {
    struct statx stat;
    s64 n, error;
    int fd = (int)sys_openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) fail("file", name, fd);
    if (stat_of(fd, "", AT_EMPTY_PATH, &stat) || !is_type(&stat, S_IFREG))
        fail("file", name, -EINVAL);
    if (!same_as(fd, bytes, size)) {
        for (u64 at = 0; at < size; at += (u64)n)
            if ((n = sys_pwrite(fd, bytes + at, size - at, at)) <= 0) fail("file", name, n);
        if ((error = sys_ftruncate(fd, size))) fail("file", name, error);
    }
    if ((error = sys_fchown(fd, owner[1], owner[2]))) fail("owner of", name, error);
    if ((error = sys_fchmod(fd, owner[0]))) fail("mode of", name, error);
    sys_close(fd);
}

static void put_file(struct publication *to, const char *header) {
    const char *at;
    u64 owner[3], size;
    u8 *bytes;
    char path[PATH_LENGTH] = "", *name;
    int dir;
    owner[0] = number(header, &at, 8);
    owner[1] = number(at + 1, &at, 10);
    owner[2] = number(at + 1, &at, 10);
    size = number(at + 1, &at, 10);
    append(path, at + 1);
    bytes = allocate(size);
    input_bytes(bytes, size);
    dir = open_parent(to, path, &name);
    if (to->atomic)
        write_new(dir, name, bytes, size, owner);
    else
        write_over(dir, name, bytes, size, owner);
    sys_close(dir);
    sys_munmap(bytes, size ? size : 1);
}

/* ---- publications ---- */

/* ..2006_01_02_15_04_05.<random>, as the kubelet names them. */
static void name_fresh(char *name) {
    struct __kernel_timespec now;
    char text[PATH_LENGTH] = "..";
    u32 random = 0;
    sys_clock_gettime(0, &now);
    sys_getrandom(&random, sizeof random);
    {
        /* Days to a date of the Gregorian calendar, years counted from March. */
        u64 days = (u64)now.tv_sec / 86400 + 719468, era = days / 146097, d = days % 146097;
        u64 year = (d - d / 1460 + d / 36524 - d / 146096) / 365;
        u64 of_year = d - (365 * year + year / 4 - year / 100), m = (5 * of_year + 2) / 153;
        u64 month = m < 10 ? m + 3 : m - 9, seconds = (u64)now.tv_sec % 86400;
        u64 parts[5] = {month, of_year - (153 * m + 2) / 5 + 1, seconds / 3600,
                        seconds / 60 % 60, seconds % 60};
        append_number(text, year + era * 400 + (month <= 2), 4);
        for (int i = 0; i < 5; i++) {
            append(text, "_");
            append_number(text, parts[i], 2);
        }
    }
    append(text, ".");
    append_number(text, random, 0);
    memcpy(name, text, length(text) + 1);
}

static void begin(struct publication *to, const char *volume, int atomic) {
    char path[PATH_LENGTH] = VOLUMES "/";
    s64 error;
    append(path, volume);
    to->root = open_volume(volume);
    if (to->root == -ENOENT && sys_mkdirat(AT_FDCWD, path, 0777) == 0)
        to->root = open_volume(volume);
    if (to->root < 0) fail("volume", volume, to->root);
    to->atomic = atomic;
    to->target = to->root;
    if (!atomic) return;
    name_fresh(to->fresh);
    if ((error = sys_mkdirat(to->root, to->fresh, 0755))) fail("directory", to->fresh, error);
    to->target = (int)sys_openat(to->root, to->fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (to->target < 0) fail("directory", to->fresh, to->target);
    set_directory_mode(to->target, to->root);
}

/*
 * A mount point, beside the links: no update moves it. Where a link of an earlier publication is in
 * the way, what that leads to has to do.
 */
static void make_mount_point(struct publication *to, const char *given) {
    char path[PATH_LENGTH] = "", *name = path;
    int dir = (int)sys_openat(to->root, ".", O_RDONLY | O_DIRECTORY, 0);
    append(path, given);
    for (char *c = path; dir >= 0; c++) {
        char end = *c;
        int next, made;
        if (end != '/' && end != 0) continue;
        *c = 0;
        if (!*name || is_dots(name)) fail("path", given, -EINVAL);
        made = sys_mkdirat(dir, name, 0755) == 0;
        next = (int)sys_openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
        sys_close(dir);
        if (made && next >= 0) set_directory_mode(next, to->root);
        dir = next;
        name = c + 1;
        if (!end) break;
    }
    if (dir >= 0) sys_close(dir);
}

/* For each entry of the new directory a link of the same name in the volume's root. */
static void link_names(struct publication *to) {
    char buffer[2048] __attribute__((aligned(8)));
    s64 n, error;
    sys_lseek(to->target, 0, 0);
    while ((n = sys_getdents(to->target, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; at < n;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            char link[PATH_LENGTH] = DATA "/";
            at += entry->size;
            if (is_dots(entry->name)) continue;
            append(link, entry->name);
            error = sys_symlinkat(link, to->root, entry->name);
            if (error && error != -EEXIST) fail("link", entry->name, error);
        }
}

/*
 * Links to what the new directory does not have, and directories that ..data does not lead to; not
 * mount points, which are all the other directories.
 */
static void remove_stale(struct publication *to, const char *current) {
    char buffer[2048] __attribute__((aligned(8)));
    struct statx stat;
    s64 n;
    sys_lseek(to->root, 0, 0);
    while ((n = sys_getdents(to->root, buffer, sizeof buffer)) > 0)
        for (s64 at = 0; at < n;) {
            struct dirent64 *entry = (struct dirent64 *)(buffer + at);
            const char *name = entry->name;
            int stale;
            at += entry->size;
            if (is_dots(name) || equal(name, DATA)) continue;
            if (name[0] == '.' && name[1] == '.')
                stale = !equal(name, current);
            else
                stale = stat_of(to->target, name, AT_SYMLINK_NOFOLLOW, &stat) != 0 &&
                        (stat_of(to->root, name, AT_SYMLINK_NOFOLLOW, &stat) != 0 ||
                         !is_type(&stat, S_IFDIR));
            if (stale) remove_tree(to->root, name);
        }
}

static void end(struct publication *to) {
    char old[PATH_LENGTH];
    s64 n, error;
    if (!to->atomic) {
        sys_close(to->root);
        return;
    }
    n = sys_readlinkat(to->root, DATA, old, sizeof old - 1);
    old[n > 0 ? n : 0] = 0;
    if (n > 0 && same_tree(to->root, to->fresh, to->root, old)) {
        /* What is there stays, and is what tells which links are stale: the new one goes. */
        sys_close(to->target);
        to->target = (int)sys_openat(to->root, old, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
        if (to->target < 0) fail("directory", old, to->target);
        link_names(to);
        remove_stale(to, old);
        sys_close(to->target);
        sys_close(to->root);
        return;
    }
    sys_unlinkat(to->root, DATA "_tmp", 0);
    if ((error = sys_symlinkat(to->fresh, to->root, DATA "_tmp"))) fail("link", DATA, error);
    if ((error = sys_renameat(to->root, DATA "_tmp", to->root, DATA))) fail("link", DATA, error);
    link_names(to);
    /* A reader that is on its way through the old ..data arrives before that is removed. */
    if (n > 0) sleep_millis(LINGER_MILLIS);
    remove_stale(to, to->fresh);
    sys_close(to->target);
    sys_close(to->root);
}

int cmd_put(int argc, char **argv) {
    static char line[PATH_LENGTH];
    struct publication to = {0};
    int lock = (int)sys_openat(AT_FDCWD, VOLUMES, O_RDONLY | O_DIRECTORY, 0);
    (void)argv;
    if (argc != 0 || lock < 0) return 64;
    if (await_prepared()) fail("volumes", VOLUMES, -ETIMEDOUT);
    sys_flock(lock, 2 /* LOCK_EX */);
    for (;;) {
        input_line(line);
        switch (line[0]) {
            case 'A':
            case 'I': begin(&to, line + 2, line[0] == 'A'); break;
            case 'D': make_mount_point(&to, line + 2); break;
            case 'F': put_file(&to, line + 2); break;
            case 'E': end(&to); break;
            case 'Q': return 0;
            default: fail("input", line, -EINVAL);
        }
    }
}
