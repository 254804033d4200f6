/*
 * fwd PORT: joins standard input and output to a TCP port of this network namespace.
 * dial PORT: connects to it and lets go again.
 */
#include "sys.h"
#include <linux/in.h>
#include <linux/in6.h>

#define GRACE_MILLIS 250

static u16 network_order(u64 port) {
    return (u16)((port & 255) << 8 | port >> 8);
}

static s64 dial4(u64 port) {
    struct sockaddr_in address = {.sin_family = 2 /* AF_INET */};
    s64 error;
    int fd = (int)sys_socket(2, 1 /* SOCK_STREAM */);
    if (fd < 0) return fd;
    address.sin_port = network_order(port);
    memcpy(&address.sin_addr, "\x7f\0\0\1", 4);
    error = sys_connect(fd, &address, sizeof address);
    if (!error) return fd;
    sys_close(fd);
    return error;
}

static s64 dial6(u64 port) {
    struct sockaddr_in6 address = {.sin6_family = 10 /* AF_INET6 */};
    s64 error;
    int fd = (int)sys_socket(10, 1);
    if (fd < 0) return fd;
    address.sin6_port = network_order(port);
    ((u8 *)&address.sin6_addr)[15] = 1;
    error = sys_connect(fd, &address, sizeof address);
    if (!error) return fd;
    sys_close(fd);
    return error;
}

/* Copies to the end of the source; counts what it copied. */
static void copy(int from, int to, volatile u64 *copied) {
    static u8 buffer[32768];
    for (;;) {
        s64 n = sys_read(from, buffer, sizeof buffer);
        if (n == -EINTR) continue;
        if (n <= 0 || write_all(to, buffer, (u64)n)) return;
        *copied += (u64)n;
    }
}

/* Says why it could not, and ends. */
static s64 dial(char *name, u64 port) {
    s64 fd = dial4(port), other;
    if (fd >= 0) return fd;
    other = dial6(port);
    if (other < 0) fail("port", name, fd);
    return other;
}

static u64 port_of(int argc, char **argv) {
    u64 port = argc == 1 ? number(argv[0], 0, 10) : 0;
    return port > 65535 ? 0 : port;
}

int cmd_dial(int argc, char **argv) {
    u64 port = port_of(argc, argv);
    if (!port) return 64;
    dial(argv[0], port);
    return 0;
}

int cmd_forward(int argc, char **argv) {
    u64 port = port_of(argc, argv), last;
    volatile u64 *sent = sys_mmap(4096, MAP_SHARED);
    u64 received = 0;
    s64 fd, child;
    if (!port) return 64;
    fd = dial(argv[0], port);
    child = sys_fork();
    if (child < 0) fail("fork", 0, child);
    if (child == 0) {
        copy(0, (int)fd, sent);
        sys_shutdown((int)fd, 1 /* SHUT_WR */);
        exit_with(0);
    }
    copy((int)fd, 1, &received);
    /* The server has ended; what the client still sends is passed on while it goes on sending. */
    do {
        last = *sent;
        for (int i = 0; i < GRACE_MILLIS / 10; i++) {
            if (sys_wait4((int)child, 0, 1 /* WNOHANG */)) return 0;
            sleep_millis(10);
        }
    } while (*sent != last);
    sys_kill((int)child, SIGKILL);
    return 0;
}
