/*
 * relay PORT SECRET: the only program of the container through which ports are reached that only
 * the loopback of a pod has. It listens on PORT; who connects says the secret of 64 characters and
 * two bytes, the port that is wanted, and is answered by one byte: 0 when the port has been
 * reached, else 1 and the end. From then on the two connections are one. Static, without a C
 * library.
 */
#include "sys.h"
#include <linux/in.h>
#include <linux/in6.h>

#define SECRET 64
#define BACKLOG 64
#define PATIENCE_SECONDS 10

#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1
#define SOL_SOCKET 1
#define SO_REUSEADDR 2
#define SO_RCVTIMEO 20
#define IPV6_ONLY 26
#define SHUT_WR 1

#define sys_bind(s, a, n) SYS(__NR_bind, s, a, n, 0, 0)
#define sys_listen(s, n) SYS(__NR_listen, s, n, 0, 0, 0)
#define sys_accept(s) SYS(__NR_accept, s, 0, 0, 0, 0)
#define sys_option(s, l, o, v, n) SYS(__NR_setsockopt, s, l, o, v, n)

static u16 network_order(u64 port) {
    return (u16)((port & 255) << 8 | port >> 8);
}

static s64 on4(u64 port, int own, s64 fd) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = network_order(port);
    if (!own) return sys_bind(fd, &address, sizeof address);
    memcpy(&address.sin_addr, "\x7f\0\0\1", 4);
    return sys_connect(fd, &address, sizeof address);
}

static s64 on6(u64 port, int own, s64 fd) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    address.sin6_port = network_order(port);
    if (!own) return sys_bind(fd, &address, sizeof address);
    ((u8 *)&address.sin6_addr)[15] = 1;
    return sys_connect(fd, &address, sizeof address);
}

/* A socket that is bound to all addresses, or connected to our own; negative where it cannot be. */
static s64 open_on(int family, u64 port, int own) {
    int yes = 1, no = 0;
    s64 error, fd = sys_socket(family, SOCK_STREAM);
    if (fd < 0) return fd;
    if (!own) {
        sys_option(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (family == AF_INET6) sys_option(fd, 41, IPV6_ONLY, &no, sizeof no);
    }
    error = family == AF_INET ? on4(port, own, fd) : on6(port, own, fd);
    if (!error) return fd;
    sys_close(fd);
    return error;
}

static s64 listen_on(u64 port) {
    s64 fd = open_on(AF_INET6, port, 0);
    if (fd < 0) fd = open_on(AF_INET, port, 0);
    return fd;
}

static s64 dial(u64 port) {
    s64 fd = open_on(AF_INET, port, 1);
    if (fd < 0) fd = open_on(AF_INET6, port, 1);
    return fd;
}

/* All of it, or nothing where the other side ends or takes too long. */
static int read_all(int fd, u8 *bytes, u64 n) {
    while (n) {
        s64 got = sys_read(fd, bytes, n);
        if (got == -EINTR) continue;
        if (got <= 0) return 0;
        bytes += got;
        n -= (u64)got;
    }
    return 1;
}

static void copy(int from, int to) {
    static u8 buffer[65536];
    for (;;) {
        s64 n = sys_read(from, buffer, sizeof buffer);
        if (n == -EINTR) continue;
        if (n <= 0 || write_all(to, buffer, (u64)n)) break;
    }
    sys_shutdown(to, SHUT_WR);
}

/* Takes as long for a wrong secret as for the right one. */
static int known(const u8 *said, const char *secret) {
    u8 difference = 0;
    for (int i = 0; i < SECRET; i++) difference |= (u8)(said[i] ^ (u8)secret[i]);
    return !difference;
}

static void serve(int client, const char *secret) {
    struct __kernel_old_timeval patience = {.tv_sec = PATIENCE_SECONDS}, none = {.tv_sec = 0};
    u8 said[SECRET + 2], answer = 0;
    s64 server, child;
    sys_option(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!read_all(client, said, sizeof said) || !known(said, secret)) return;
    sys_option(client, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
    server = dial((u64)said[SECRET] << 8 | said[SECRET + 1]);
    if (server < 0) answer = 1;
    if (write_all(client, &answer, 1) || answer) return;
    child = sys_fork();
    if (child < 0) return;
    if (child == 0) {
        copy(client, (int)server);
        exit_with(0);
    }
    copy((int)server, client);
    /* Until the client has said all as well. */
    sys_wait4(-1, 0, 0);
}

static int relay(int argc, char **argv) {
    u64 ignore[4] = {1 /* SIG_IGN: who ends is not waited for */, 0, 0, 0};
    u64 port = argc == 3 ? number(argv[1], 0, 10) : 0;
    s64 listener;
    if (port < 1 || port > 65535 || length(argv[2]) != SECRET) return 64;
    SYS(__NR_rt_sigaction, SIGCHLD, ignore, 0, 8, 0);
    SYS(__NR_rt_sigaction, SIGPIPE, ignore, 0, 8, 0);
    listener = listen_on(port);
    if (listener < 0) fail("port", argv[1], listener);
    if (sys_listen(listener, BACKLOG)) return 1;
    for (;;) {
        s64 client = sys_accept(listener);
        if (client < 0) {
            if (client != -EINTR) sleep_millis(10);
            continue;
        }
        if (sys_fork() == 0) {
            sys_close(listener);
            serve((int)client, argv[2]);
            exit_with(0);
        }
        sys_close(client);
    }
}

__attribute__((used)) void start(s64 *stack) {
    exit_with(relay((int)stack[0], (char **)(stack + 1)));
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp,%ebp\n\tmov %rsp,%rdi\n\tand $-16,%rsp\n\tcall start\n");
#else
__asm__(".globl _start\n_start:\n\tmov x29,#0\n\tmov x0,sp\n\tbl start\n");
#endif
