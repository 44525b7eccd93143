package io.juwsgi.plugin.routing.action;

import io.juwsgi.plugin.routing.variable.HttpDates;
import io.juwsgi.plugin.routing.variable.MimeTypes;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.route.RouteExchange;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file as a resource of its own: validator and one range (RFC 9110 sections 8.8.2, 13.1 and 14). */
final class StaticResponse {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** The part of a file that is sent, both ends included. */
    private record Range(long from, long to) {}

    private StaticResponse() {}

    static void send(RouteExchange exchange, FileAnswer file) {
        Request request = exchange.request();
        String lastModified = HttpDates.of(file.changed());
        long since = HttpDates.seconds(request.fields().first("if-modified-since"));
        if (since >= file.changed()) {
            file.close();
            exchange.begin(304, "Not Modified");
            return;
        }
        String wanted = request.fields().first("range");
        Matcher matcher = RANGE.matcher(wanted == null ? "" : wanted);
        if (!matcher.matches() || !stillTheSame(request.fields().first("if-range"), lastModified)) {
            whole(exchange, file, lastModified);
            return;
        }
        Range range = range(matcher.group(1), matcher.group(2), file.size());
        if (range == null) {
            file.close();
            exchange.begin(416, "Requested Range Not Satisfiable").add("Content-Range", "bytes */" + file.size());
            return;
        }
        Fields fields = exchange.begin(206, "Partial Content");
        type(fields, file);
        fields.add("Content-Range", "bytes " + range.from() + "-" + range.to() + "/" + file.size());
        fields.add("Last-Modified", lastModified);
        exchange.send(file.region(range.from(), range.to() - range.from() + 1));
    }

    private static void whole(RouteExchange exchange, FileAnswer file, String lastModified) {
        Fields fields = exchange.begin(200, "OK");
        type(fields, file);
        fields.add("Last-Modified", lastModified);
        exchange.send(file.region(0, file.size()));
    }

    private static void type(Fields fields, FileAnswer file) {
        MimeTypes.of(file.path().toString()).ifPresent(type -> fields.add("Content-Type", type));
    }

    private static boolean stillTheSame(@Nullable String validator, String lastModified) {
        return validator == null || validator.equals(lastModified);
    }

    /** Returns the range, or null when none of it is in the file. */
    private static @Nullable Range range(String first, String last, long size) {
        if (first.isEmpty()) {
            long count = last.isEmpty() ? 0 : Math.min(Long.parseLong(last), size);
            return count == 0 ? null : new Range(size - count, size - 1);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
        return from > to ? null : new Range(from, to);
    }
}
