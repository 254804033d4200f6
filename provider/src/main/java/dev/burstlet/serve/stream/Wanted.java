package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Query;
import dev.burstlet.serve.http.Refusal;

/** Which streams a client asks for. */
record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    static Wanted of(Query query) throws Refusal {
        boolean tty = query.flag("tty");
        Wanted wanted =
                new Wanted(
                        query.flag("input"),
                        query.flag("output"),
                        query.flag("error") && !tty,
                        tty);
        if (!wanted.stdin && !wanted.stdout && !wanted.stderr) {
            throw new Refusal(400, "you must specify at least 1 of stdin, stdout, stderr");
        }
        return wanted;
    }
}
