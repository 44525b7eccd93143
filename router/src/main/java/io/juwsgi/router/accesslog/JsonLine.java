package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.log.LogText;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The line of an exchange as a JSON object (RFC 8259) on one line. */
final class JsonLine implements LineFormat {

    /** What comes between the id and the end. */
    private interface Content {
        void append(StringBuilder line, ServerExchange exchange, LoopContext loop);
    }

    private final Content content;

    private JsonLine(Content content) {
        this.content = content;
    }

    /** Returns a line that holds the text of a {@code log-format}. */
    static JsonLine ofText(LineFormat text) {
        return new JsonLine((line, exchange, loop) -> {
            int start = line.length();
            text.append(line, exchange, loop);
            String message = line.substring(start);
            line.setLength(start);
            LogText.jsonString(line.append(",\"message\":"), message);
            string(line, "why", exchange.account().why());
        });
    }

    /** Returns a line with a member for each fact. */
    static JsonLine ofFields(LogVariables variables) {
        return new JsonLine((line, exchange, loop) -> fields(line, exchange, variables));
    }

    @Override
    public boolean saysWhy() {
        return true;
    }

    @Override
    public void append(StringBuilder line, ServerExchange exchange, LoopContext loop) {
        line.append("{\"time\":\"").append(Instant.now()).append("\",\"kind\":\"request\"");
        string(line, "id", exchange.id());
        content.append(line, exchange, loop);
        line.append('}');
    }

    private static void fields(StringBuilder line, ServerExchange exchange, LogVariables variables) {
        ServerRequest request = exchange.request();
        Account account = exchange.account();
        string(line, "addr", variables.address(exchange));
        string(line, "method", request.method());
        string(line, "uri", request.target());
        string(line, "proto", request.protocol());
        string(line, "host", request.host());
        number(line, "status", exchange.status());
        number(line, "size", exchange.headBytes() + exchange.bodyBytes());
        number(line, "rsize", exchange.bodyBytes());
        number(line, "micros", exchange.elapsedNanos() / 1_000);
        number(line, "worker", account.workerId());
        number(line, "pid", LogVariables.pid(exchange));
        number(line, "core", Math.max(account.core(), 0));
        string(line, "user", request.variable("REMOTE_USER"));
        string(line, "uagent", request.fields().first("User-Agent"));
        string(line, "referer", request.fields().first("Referer"));
        string(line, "why", account.why());
    }

    private static void string(StringBuilder line, String name, @Nullable String value) {
        LogText.jsonString(
                line.append(",\"").append(name).append("\":"), value == null || value.isEmpty() ? null : value);
    }

    private static void number(StringBuilder line, String name, long value) {
        line.append(",\"").append(name).append("\":").append(value);
    }
}
