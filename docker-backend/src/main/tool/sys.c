/* What the tool needs in place of a C library. */
#include "sys.h"

void *memcpy(void *to, const void *from, u64 n) {
    u8 *t = to;
    const u8 *f = from;
    while (n--) *t++ = *f++;
    return to;
}

void *memset(void *to, int value, u64 n) {
    u8 *t = to;
    while (n--) *t++ = (u8)value;
    return to;
}

int memcmp(const void *a, const void *b, u64 n) {
    const u8 *x = a, *y = b;
    for (; n--; x++, y++)
        if (*x != *y) return *x - *y;
    return 0;
}

u64 length(const char *text) {
    u64 n = 0;
    while (text[n]) n++;
    return n;
}

int equal(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

int starts_with(const char *text, const char *prefix) {
    while (*prefix)
        if (*text++ != *prefix++) return 0;
    return 1;
}

u64 number(const char *text, const char **end, u32 base) {
    u64 value = 0;
    while (*text >= '0' && *text < (char)('0' + base)) value = value * base + (u64)(*text++ - '0');
    if (end) *end = text;
    return value;
}

void append(char *text, const char *more) {
    u64 at = length(text), n = length(more);
    if (at + n >= PATH_LENGTH) fail("path", text, -ENAMETOOLONG);
    memcpy(text + at, more, n + 1);
}

void append_number(char *text, u64 value, u32 width) {
    char digits[24];
    int at = 23;
    digits[at] = 0;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
        if (width) width--;
    } while (value || width);
    append(text, digits + at);
}

int write_all(int fd, const void *bytes, u64 n) {
    const u8 *from = bytes;
    while (n) {
        s64 done = sys_write(fd, from, n);
        if (done == -EINTR) continue;
        if (done < 0) return (int)done;
        from += done;
        n -= (u64)done;
    }
    return 0;
}

void print(int fd, const char *text) {
    write_all(fd, text, length(text));
}

void print_number(int fd, u64 value) {
    char text[PATH_LENGTH];
    text[0] = 0;
    append_number(text, value, 0);
    print(fd, text);
}

static const char *error_text(s64 error) {
    switch (-error) {
        case ENOENT: return "no such file or directory";
        case EACCES: return "permission denied";
        case EPERM: return "operation not permitted";
        case EEXIST: return "file exists";
        case ENOTDIR: return "not a directory";
        case EISDIR: return "is a directory";
        case ENOSPC: return "no space left on device";
        case EROFS: return "read-only file system";
        case ELOOP: return "too many levels of symbolic links";
        case EXDEV: return "leads out of the volume";
        case ENAMETOOLONG: return "file name too long";
        case ENOSYS: return "the kernel is too old (Linux 5.6 is needed)";
        case ENOMEM: return "out of memory";
        case ECONNREFUSED: return "connection refused";
        case EINVAL: return "invalid argument";
        case ETIMEDOUT: return "timed out";
        default: return 0;
    }
}

void fail(const char *what, const char *path, s64 error) {
    const char *text = error_text(error);
    print(2, what);
    if (path) {
        print(2, " ");
        print(2, path);
    }
    print(2, ": ");
    if (text) {
        print(2, text);
    } else {
        print(2, "error ");
        print_number(2, (u64)-error);
    }
    print(2, "\n");
    exit_with(1);
}

s64 stat_of(int dir, const char *name, int flags, struct statx *stat) {
    return sys_statx(dir, name, flags, STATX_BASIC_STATS, stat);
}

void *allocate(u64 size) {
    void *memory = sys_mmap(size ? size : 1, MAP_PRIVATE);
    if ((u64)memory > (u64)-4096) fail("memory", 0, (s64)memory);
    return memory;
}

int open_volume(const char *name) {
    char path[PATH_LENGTH] = VOLUMES "/";
    s64 fd;
    if (!*name || is_dots(name)) fail("volume", name, -EINVAL);
    for (const char *c = name; *c; c++)
        if (*c == '/') fail("volume", name, -EINVAL);
    append(path, name);
    fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
    return (int)fd;
}

void sleep_millis(u64 millis) {
    struct __kernel_timespec time = {(s64)(millis / 1000), (s64)(millis % 1000) * 1000000};
    SYS(__NR_nanosleep, &time, 0, 0, 0, 0);
}
