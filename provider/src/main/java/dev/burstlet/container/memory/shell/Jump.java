package dev.burstlet.container.memory.shell;

/** Leaves loops or the shell. */
final class Jump extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final int code;

    Jump(Kind kind, int code) {
        super(kind.name(), null, false, false);
        this.kind = kind;
        this.code = code;
    }

    Kind kind() {
        return kind;
    }

    int code() {
        return code;
    }

    enum Kind {
        EXIT,
        BREAK,
        CONTINUE
    }
}
