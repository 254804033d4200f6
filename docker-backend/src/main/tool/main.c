/*
 * The sandbox's only program: as PID 1 it keeps the sandbox alive, as an exec it does on the
 * engine's host what an engine's API has no call for. Static, without a C library.
 */
#include "sys.h"

#define PR_SET_DUMPABLE 4

/* Waits for ever, reaping orphans of a shared PID namespace; ends at SIGTERM or SIGINT. */
static int pause_for_ever(void) {
    u64 signals = (1UL << (SIGCHLD - 1)) | (1UL << (SIGTERM - 1)) | (1UL << (SIGINT - 1));
    for (;;) {
        s64 signal = SYS(__NR_rt_sigtimedwait, &signals, 0, 0, sizeof signals, 0);
        if (signal == SIGTERM || signal == SIGINT) return 0;
        while (sys_wait4(-1, 0, 1 /* WNOHANG */) > 0) {
        }
    }
}

/*
 * The first contents of volumes come by standard input, as those of "put". A process of its own
 * takes them and says so by its Q: where they end too early, or are wrong, that ends alone, and
 * nothing of them stays in the memory of PID 1.
 */
static void take_first_contents(void) {
    if (sys_fork() == 0) {
        int code = cmd_put(0, 0);
        if (code == 0) print(1, "Q\n");
        exit_with(code);
    }
    sys_close(0);
}

static int hold(int argc, char **argv) {
    u64 all = ~0UL;
    int contents = argc > 0 && equal(argv[0], "-i");
    int code;
    SYS(__NR_rt_sigprocmask, 0 /* SIG_BLOCK */, &all, 0, sizeof all, 0);
    code = prepare(argc - contents, argv + contents);
    /* Containers that share the PID namespace see a plain pause, as beside a kubelet's. */
    for (int i = 0; i < argc; i++)
        for (char *c = argv[i]; *c; c++) *c = 0;
    if (code) return code;
    if (contents) take_first_contents();
    return pause_for_ever();
}

static int move(int argc, char **argv) {
    s64 error;
    if (argc != 2) return 64;
    error = sys_renameat(AT_FDCWD, argv[0], AT_FDCWD, argv[1]);
    if (error) fail("rename", argv[0], error);
    return 0;
}

static int dispatch(int argc, char **argv) {
    const char *command = argc > 1 ? argv[1] : "-";
    if (*command == '-') return hold(argc - 1, argv + 1);
    argc -= 2;
    argv += 2;
    if (equal(command, "mv")) return move(argc, argv);
    if (equal(command, "fwd")) return cmd_forward(argc, argv);
    if (equal(command, "dial")) return cmd_dial(argc, argv);
    if (equal(command, "put")) return cmd_put(argc, argv);
    if (equal(command, "cat")) return cmd_cat(argc, argv);
    if (equal(command, "sub")) return cmd_sub(argc, argv);
    if (equal(command, "file")) return cmd_file(argc, argv);
    if (equal(command, "same")) return cmd_same(argc, argv);
    if (equal(command, "clear")) return cmd_clear(argc, argv);
    if (equal(command, "check")) return cmd_check(argc, argv);
    if (equal(command, "du")) return cmd_du(argc, argv);
    if (equal(command, "host")) return cmd_host(argc, argv);
    if (equal(command, "kill")) return cmd_kill(argc, argv);
    print(2, "unknown command ");
    print(2, command);
    print(2, "\n");
    return 64;
}

__attribute__((used)) void start(s64 *stack) {
    /* Containers that share the PID namespace must not reach the volumes through /proc. */
    sys_prctl(PR_SET_DUMPABLE, 0);
    SYS(__NR_umask, 0, 0, 0, 0, 0);
    exit_with(dispatch((int)stack[0], (char **)(stack + 1)));
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\txor %ebp,%ebp\n\tmov %rsp,%rdi\n\tand $-16,%rsp\n\tcall start\n");
#else
__asm__(".globl _start\n_start:\n\tmov x29,#0\n\tmov x0,sp\n\tbl start\n");
#endif
