package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.ServerExchange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of {@code log-format}, by uWSGI's names; {@code id}, {@code why}, {@code endpoint} and {@code tries} are ours. */
final class LogVariables {
    private static final long OWN_PID = ProcessHandle.current().pid();

    private static final Map<String, LogVariable> ALL = Map.ofEntries(
            Map.entry("uri", (line, e, loop) -> Escaped.orDash(line, e.request().target())),
            Map.entry(
                    "method",
                    (line, e, loop) -> Escaped.orDash(line, e.request().method())),
            Map.entry(
                    "user", (line, e, loop) -> Escaped.orDash(line, e.request().variable("REMOTE_USER"))),
            Map.entry(
                    "addr", (line, e, loop) -> Escaped.orDash(line, e.request().remoteAddress())),
            Map.entry(
                    "host", (line, e, loop) -> Escaped.orDash(line, e.request().host())),
            Map.entry(
                    "proto", (line, e, loop) -> Escaped.orDash(line, e.request().protocol())),
            Map.entry("uagent", (line, e, loop) -> field(line, e, "User-Agent")),
            Map.entry("referer", (line, e, loop) -> field(line, e, "Referer")),
            Map.entry("status", (line, e, loop) -> line.append(e.status())),
            Map.entry("rsize", (line, e, loop) -> line.append(e.bodyBytes())),
            Map.entry("hsize", (line, e, loop) -> line.append(e.headBytes())),
            Map.entry("size", (line, e, loop) -> line.append(e.headBytes() + e.bodyBytes())),
            Map.entry("cl", (line, e, loop) -> line.append(Math.max(e.inbound().length(), 0))),
            Map.entry("micros", (line, e, loop) -> line.append(e.elapsedNanos() / 1_000)),
            Map.entry("msecs", (line, e, loop) -> line.append(e.elapsedNanos() / 1_000_000)),
            Map.entry("secs", (line, e, loop) -> line.append(e.elapsedNanos() / 1_000_000_000)),
            Map.entry("time", (line, e, loop) -> line.append(startSecond(e, loop.epochSecond()))),
            Map.entry("ltime", (line, e, loop) -> line.append(loop.logTime())),
            Map.entry("ftime", (line, e, loop) -> line.append(loop.logTime())),
            Map.entry("ctime", (line, e, loop) -> line.append(loop.ctime())),
            Map.entry("epoch", (line, e, loop) -> line.append(loop.epochSecond())),
            Map.entry("pid", (line, e, loop) -> line.append(pid(e))),
            Map.entry("wid", (line, e, loop) -> line.append(e.account().workerId())),
            Map.entry(
                    "core", (line, e, loop) -> line.append(Math.max(e.account().core(), 0))),
            Map.entry("switches", (line, e, loop) -> line.append('0')),
            Map.entry(
                    "vars",
                    (line, e, loop) -> line.append(PacketSize.of(e.request()).count())),
            Map.entry(
                    "pktsize",
                    (line, e, loop) -> line.append(PacketSize.of(e.request()).bytes())),
            Map.entry("modifier1", (line, e, loop) -> line.append(e.request().modifier1())),
            Map.entry("modifier2", (line, e, loop) -> line.append(e.request().modifier2())),
            Map.entry("headers", (line, e, loop) -> line.append(e.fieldCount())),
            Map.entry("id", (line, e, loop) -> line.append(e.id())),
            Map.entry(
                    "endpoint",
                    (line, e, loop) -> Escaped.orDash(line, e.account().endpoint())),
            Map.entry("tries", (line, e, loop) -> line.append(e.account().tries())),
            Map.entry("why", (line, e, loop) -> Escaped.orDash(line, e.account().why())));

    private LogVariables() {}

    static @Nullable LogVariable find(String name) {
        return ALL.get(name);
    }

    private static void field(StringBuilder line, ServerExchange exchange, String name) {
        Escaped.orDash(line, exchange.request().fields().first(name));
    }

    private static long pid(ServerExchange exchange) {
        long pid = exchange.account().workerPid();
        return pid == 0 ? OWN_PID : pid;
    }

    private static long startSecond(ServerExchange exchange, long now) {
        return now - exchange.elapsedNanos() / 1_000_000_000;
    }
}
