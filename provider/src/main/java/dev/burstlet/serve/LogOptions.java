package dev.burstlet.serve;

import dev.burstlet.pod.LogRequest;
import dev.burstlet.serve.http.Query;
import dev.burstlet.serve.http.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and validates the query of a log request by the rules of PodLogOptions. */
final class LogOptions {
    private static final int UNDECODABLE = 400;
    private static final int INVALID = 422;

    private LogOptions() {}

    static LogRequest of(Query query, InstantSource clock) throws Refusal {
        Long tail = tailLines(query);
        Long limit = number(query, "limitBytes");
        if (tail != null && tail < 0) {
            throw invalid("tailLines: must be greater than or equal to 0");
        }
        if (limit != null && limit < 1) {
            throw invalid("limitBytes: must be greater than 0");
        }
        LogRequest.Source source = source(query);
        if (source != LogRequest.Source.ALL && tail != null) {
            throw invalid("`tailLines` and specific `stream` are mutually exclusive for now");
        }
        return new LogRequest(
                flag(query, "follow"),
                flag(query, "previous"),
                flag(query, "timestamps"),
                tail,
                since(query, clock),
                limit,
                source);
    }

    private static @Nullable Long tailLines(Query query) throws Refusal {
        // Old clients say "all".
        return query.first("tailLines").filter("all"::equals).isPresent()
                ? null
                : number(query, "tailLines");
    }

    private static @Nullable Instant since(Query query, InstantSource clock) throws Refusal {
        Long seconds = number(query, "sinceSeconds");
        Optional<String> time = query.first("sinceTime").filter(text -> !text.isEmpty());
        if (seconds != null && time.isPresent()) {
            throw invalid("at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        if (seconds != null && seconds < 1) {
            throw invalid("sinceSeconds: must be greater than 0");
        }
        if (seconds != null) {
            return clock.instant().minusSeconds(Math.min(seconds, Integer.MAX_VALUE));
        }
        if (time.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(time.get()).toInstant();
        } catch (DateTimeException e) {
            throw undecodable();
        }
    }

    private static LogRequest.Source source(Query query) throws Refusal {
        return switch (query.first("stream").orElse("All")) {
            case "All", "" -> LogRequest.Source.ALL;
            case "Stdout" -> LogRequest.Source.STDOUT;
            case "Stderr" -> LogRequest.Source.STDERR;
            default -> throw invalid("stream: supported values: \"All\", \"Stderr\", \"Stdout\"");
        };
    }

    private static @Nullable Long number(Query query, String name) throws Refusal {
        String text = query.first(name).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw undecodable();
        }
    }

    /** As the API decodes booleans: present without a value is true. */
    private static boolean flag(Query query, String name) throws Refusal {
        Optional<String> value = query.first(name);
        if (value.isEmpty()) {
            return false;
        }
        return switch (value.get()) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw undecodable();
        };
    }

    private static Refusal undecodable() {
        return new Refusal(UNDECODABLE, "{\"message\": \"Unable to decode query.\"}");
    }

    private static Refusal invalid(String why) {
        return new Refusal(INVALID, "{\"message\": \"Invalid request.\"}: " + why);
    }
}
