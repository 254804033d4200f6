package dev.burstlet.container.memory.shell;

/** What the lexer finds. */
sealed interface Token {
    /** A word. */
    record Text(Word word) implements Token {}

    /** A control operator; a line end is {@code ;}. */
    record Control(String operator) implements Token {}

    /** A redirection operator with its descriptor. */
    record Redirection(int fd, String operator) implements Token {}
}
