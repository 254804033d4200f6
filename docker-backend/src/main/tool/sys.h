/* System calls and the few functions that the tool needs in place of a C library. */
#ifndef SYS_H
#define SYS_H

#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <asm/statfs.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <linux/time_types.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef long s64;

#define PATH_LENGTH 4096

/* ---- system calls ---- */

#if defined(__x86_64__)
static inline s64 sys6(s64 n, s64 a, s64 b, s64 c, s64 d, s64 e, s64 f) {
    register s64 r10 __asm__("r10") = d;
    register s64 r8 __asm__("r8") = e;
    register s64 r9 __asm__("r9") = f;
    s64 result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
static inline s64 sys6(s64 n, s64 a, s64 b, s64 c, s64 d, s64 e, s64 f) {
    register s64 x8 __asm__("x8") = n;
    register s64 x0 __asm__("x0") = a;
    register s64 x1 __asm__("x1") = b;
    register s64 x2 __asm__("x2") = c;
    register s64 x3 __asm__("x3") = d;
    register s64 x4 __asm__("x4") = e;
    register s64 x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
}
#else
#error "no system calls for this architecture"
#endif

#define SYS(n, a, b, c, d, e) \
    sys6((n), (s64)(a), (s64)(b), (s64)(c), (s64)(d), (s64)(e), 0)

#define sys_openat(d, p, f, m) SYS(__NR_openat, d, p, f, m, 0)
#define sys_close(f) SYS(__NR_close, f, 0, 0, 0, 0)
#define sys_read(f, b, n) SYS(__NR_read, f, b, n, 0, 0)
#define sys_write(f, b, n) SYS(__NR_write, f, b, n, 0, 0)
#define sys_pwrite(f, b, n, o) SYS(__NR_pwrite64, f, b, n, o, 0)
#define sys_ftruncate(f, n) SYS(__NR_ftruncate, f, n, 0, 0, 0)
#define sys_mkdirat(d, p, m) SYS(__NR_mkdirat, d, p, m, 0, 0)
#define sys_unlinkat(d, p, f) SYS(__NR_unlinkat, d, p, f, 0, 0)
#define sys_symlinkat(t, d, p) SYS(__NR_symlinkat, t, d, p, 0, 0)
#define sys_readlinkat(d, p, b, n) SYS(__NR_readlinkat, d, p, b, n, 0)
#define sys_renameat(d, a, e, b) SYS(__NR_renameat2, d, a, e, b, 0)
#define sys_fchmod(f, m) SYS(__NR_fchmod, f, m, 0, 0, 0)
#define sys_fchmodat(d, p, m) SYS(__NR_fchmodat, d, p, m, 0, 0)
#define sys_fchown(f, u, g) SYS(__NR_fchown, f, u, g, 0, 0)
#define sys_fchownat(d, p, u, g, f) SYS(__NR_fchownat, d, p, u, g, f)
#define sys_statx(d, p, f, m, s) SYS(__NR_statx, d, p, f, m, s)
#define sys_fstatfs(f, s) SYS(__NR_fstatfs, f, s, 0, 0, 0)
#define sys_getdents(f, b, n) SYS(__NR_getdents64, f, b, n, 0, 0)
#define sys_flock(f, o) SYS(__NR_flock, f, o, 0, 0, 0)
#define sys_lseek(f, o, w) SYS(__NR_lseek, f, o, w, 0, 0)
#define sys_openat2(d, p, h) SYS(__NR_openat2, d, p, h, sizeof(struct open_how), 0)
#define sys_getrandom(b, n) SYS(__NR_getrandom, b, n, 0, 0, 0)
#define sys_clock_gettime(c, t) SYS(__NR_clock_gettime, c, t, 0, 0, 0)
#define sys_kill(p, s) SYS(__NR_kill, p, s, 0, 0, 0)
#define sys_wait4(p, s, o) SYS(__NR_wait4, p, s, o, 0, 0)
#define sys_prctl(o, a) SYS(__NR_prctl, o, a, 0, 0, 0)
#define sys_socket(f, t) SYS(__NR_socket, f, t, 0, 0, 0)
#define sys_connect(s, a, n) SYS(__NR_connect, s, a, n, 0, 0)
#define sys_shutdown(s, h) SYS(__NR_shutdown, s, h, 0, 0, 0)
#define sys_fork() SYS(__NR_clone, SIGCHLD, 0, 0, 0, 0)
#define sys_mmap(n, f) \
    ((void *)sys6(__NR_mmap, 0, (s64)(n), PROT_READ | PROT_WRITE, (f) | MAP_ANONYMOUS, -1, 0))
#define sys_munmap(p, n) SYS(__NR_munmap, p, n, 0, 0, 0)

static inline void exit_with(int code) {
    for (;;) SYS(__NR_exit_group, code, 0, 0, 0, 0);
}

/* ---- memory and text ---- */

void *memcpy(void *to, const void *from, u64 n);
void *memset(void *to, int value, u64 n);
int memcmp(const void *a, const void *b, u64 n);
u64 length(const char *text);
int equal(const char *a, const char *b);
int starts_with(const char *text, const char *prefix);
/* Reads digits of a base up to what is no digit; *end is set behind them. */
u64 number(const char *text, const char **end, u32 base);
/* Appends to a text of PATH_LENGTH bytes; what does not fit ends the program. */
void append(char *text, const char *more);
void append_number(char *text, u64 value, u32 width);

/* ---- output ---- */

int write_all(int fd, const void *bytes, u64 n);
void print(int fd, const char *text);
void print_number(int fd, u64 value);
/* "burstlet: what: path: error" on standard error, and the end of the program. */
void fail(const char *what, const char *path, s64 error);

/* ---- files ---- */

struct dirent64 {
    u64 inode;
    s64 offset;
    u16 size;
    u8 type;
    char name[];
};

static inline int is_dots(const char *name) {
    return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

s64 stat_of(int dir, const char *name, int flags, struct statx *stat);
static inline int is_type(const struct statx *stat, u32 type) {
    return (stat->stx_mode & S_IFMT) == type;
}
void *allocate(u64 size);
/* The directory ROOT/name, opened; name is one component. */
int open_volume(const char *name);
void sleep_millis(u64 millis);
/* A file, or a directory with all that is in it, as far as it can be removed. */
void remove_tree(int dir, const char *name);

#define VOLUMES "/volumes"

/* ---- commands: each gets what follows its name and returns the exit code ---- */

int prepare(int argc, char **argv);
int await_prepared(void);
int cmd_put(int argc, char **argv);
int cmd_cat(int argc, char **argv);
int cmd_sub(int argc, char **argv);
int cmd_same(int argc, char **argv);
int cmd_file(int argc, char **argv);
int cmd_clear(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_du(int argc, char **argv);
int cmd_host(int argc, char **argv);
int cmd_kill(int argc, char **argv);
int cmd_forward(int argc, char **argv);
int cmd_dial(int argc, char **argv);

#endif
