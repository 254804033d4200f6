package dev.burstlet.serve;

import dev.burstlet.serve.http.RequestPath;
import dev.burstlet.serve.http.Service;
import java.util.Set;
import java.util.function.Predicate;

/** Some paths of the API, the methods they take, and who answers. */
record Endpoint(Predicate<RequestPath> takes, Set<String> methods, Service service) {
    private static final Set<String> READ = Set.of("GET");
    private static final Set<String> STREAM = Set.of("GET", "POST");

    /** One exact path, to be read. */
    static Endpoint at(String path, Service service) {
        return new Endpoint(found -> found.toString().equals(path), READ, service);
    }

    /** A name with {@code lengths} segments behind it, to be read. */
    static Endpoint below(String name, Set<Integer> lengths, Service service) {
        return new Endpoint(path -> fits(path, name, lengths), READ, service);
    }

    /** The same, for streams. */
    static Endpoint stream(String name, Set<Integer> lengths, Service service) {
        return new Endpoint(path -> fits(path, name, lengths), STREAM, service);
    }

    /** The same, for commands. */
    static Endpoint command(String name, Set<Integer> lengths, Service service) {
        return new Endpoint(path -> fits(path, name, lengths), Set.of("POST"), service);
    }

    private static boolean fits(RequestPath path, String name, Set<Integer> lengths) {
        return path.first().equals(name) && lengths.contains(path.size() - 1);
    }
}
