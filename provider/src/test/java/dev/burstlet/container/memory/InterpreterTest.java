package dev.burstlet.container.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ExecResult;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Workbench;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small shell, a line a case. */
final class InterpreterTest {
    private static final String HOST = "interpreter-test";

    private static MemoryEngine engine;
    private static Workbench bench;
    private static String container = "";

    @BeforeAll
    static void start() {
        engine = MemoryEngine.of(HOST);
        bench = Workbench.of(engine, "busybox", new Owner("cluster", "node"));
        container = bench.pod().run().container("c").env("X", "a  b").command("pause").start();
    }

    @AfterAll
    static void forget() {
        engine.close();
        MemoryHost.forget(HOST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '\u00a7',
            textBlock =
                    """
                    echo a b                                          => 0 => a b
                    echo "$X" $X '$X' \\$X                            => 0 => a  b a b $X $X
                    echo ${Y:-none} ${X-no} ${#}                      => 0 => none a b 0
                    false || echo or; true && echo and            => 0 => or and
                    false; echo $?                                    => 0 => 1
                    ! false                                           => 0 =>
                    if false; then echo a; elif true; then echo b; fi => 0 => b
                    for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done => 0 => 1 3
                    i=0; while true; do i=$((i + 2)); [ $i -ge 6 ] && break; done; echo $i => 0 => 6
                    until true; do echo never; done                   => 0 =>
                    echo $((2 * (3 + 4) % 5))                         => 0 => 4
                    echo $(echo in; echo ner) `echo tick`             => 0 => in ner tick
                    echo one > /tmp/f; echo two >> /tmp/f; cat < /tmp/f => 0 => one two
                    (cd /tmp; X=1; exit 4); echo $? $X; pwd           => 0 => 4 a b /
                    { echo a; echo b; } | tail -n 1                 => 0 => b
                    yes | head -n 2                                 => 0 => y y
                    printf '%s-%s\\n' a b c d                         => 0 => a-b c-d
                    sh -c 'echo $0 $1; exit 5' name arg               => 5 => name arg
                    set -e; false; echo never                         => 1 =>
                    trap 'echo bye' EXIT; exit 6                      => 6 => bye
                    sleep 0.01 & wait $!; echo $?                     => 0 => 0
                    nosuch                                            => 127 => sh: nosuch: not found
                    A=1 env | grep A=; echo $A.                     => 0 => A=1 .
                    exec echo last; echo never                        => 0 => last
                    mkdir -p /tmp/d/e && ln -s e /tmp/d/l && readlink /tmp/d/l && test -d /tmp/d/l => 0 => e
                    if                                                => 2 => sh: syntax error: unexpected end of file (expecting "then")
                    """)
    void scriptHasItsOutput(
            String script, int code, @org.jspecify.annotations.Nullable String out) {
        ExecResult result = bench.exec(container, "sh", "-c", script);

        assertThat(result.output().strip().replace("\n", " ")).isEqualTo(out == null ? "" : out);
        assertThat(result.exitCode()).isEqualTo(code);
    }
}
