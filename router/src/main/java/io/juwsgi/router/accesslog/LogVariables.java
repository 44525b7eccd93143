package io.juwsgi.router.accesslog;

import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.ServerExchange;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of {@code log-format}, by uWSGI's names; {@code id}, {@code why}, {@code endpoint} and {@code tries}
 * are ours. Immutable. */
final class LogVariables {
    private static final long OWN_PID = ProcessHandle.current().pid();
    private static final int MEBI = 1024 * 1024;

    private final boolean forwardedFor;
    private final WorkerMemory memory = new WorkerMemory();
    private final Map<String, LogVariable> all = new HashMap<>();

    /**
     * Makes the variables.
     *
     * @param forwardedFor whether {@code addr} is the value of X-Forwarded-For when there is one
     */
    LogVariables(boolean forwardedFor) {
        this.forwardedFor = forwardedFor;
        ofRequest();
        ofResponse();
        ofTime();
        ofWorker();
    }

    private void ofRequest() {
        all.put("uri", (line, e, loop) -> Escaped.orDash(line, e.request().target()));
        all.put("method", (line, e, loop) -> Escaped.orDash(line, e.request().method()));
        all.put("user", (line, e, loop) -> Escaped.orDash(line, e.request().variable("REMOTE_USER")));
        all.put("addr", (line, e, loop) -> Escaped.orDash(line, address(e)));
        all.put("host", (line, e, loop) -> Escaped.orDash(line, e.request().host()));
        all.put("proto", (line, e, loop) -> Escaped.orDash(line, e.request().protocol()));
        all.put("uagent", (line, e, loop) -> field(line, e, "User-Agent"));
        all.put("referer", (line, e, loop) -> field(line, e, "Referer"));
        all.put("cl", (line, e, loop) -> line.append(Math.max(e.inbound().length(), 0)));
        all.put(
                "vars",
                (line, e, loop) -> line.append(PacketSize.of(e.request()).count()));
        all.put(
                "pktsize",
                (line, e, loop) -> line.append(PacketSize.of(e.request()).bytes()));
        all.put("modifier1", (line, e, loop) -> line.append(e.request().modifier1()));
        all.put("modifier2", (line, e, loop) -> line.append(e.request().modifier2()));
        all.put("id", (line, e, loop) -> line.append(e.id()));
    }

    private void ofResponse() {
        all.put("status", (line, e, loop) -> line.append(e.status()));
        all.put("rsize", (line, e, loop) -> line.append(e.bodyBytes()));
        all.put("hsize", (line, e, loop) -> line.append(e.headBytes()));
        all.put("size", (line, e, loop) -> line.append(e.headBytes() + e.bodyBytes()));
        all.put("headers", (line, e, loop) -> line.append(e.fieldCount()));
        all.put("endpoint", (line, e, loop) -> Escaped.orDash(line, e.account().endpoint()));
        all.put("tries", (line, e, loop) -> line.append(e.account().tries()));
        all.put("why", (line, e, loop) -> Escaped.orDash(line, e.account().why()));
        all.put("ioerr", (line, e, loop) -> line.append(IoErrors.any(e) ? 1 : 0));
        all.put("rerr", (line, e, loop) -> line.append(IoErrors.reading(e) ? 1 : 0));
        all.put("werr", (line, e, loop) -> line.append(IoErrors.writing(e) ? 1 : 0));
    }

    private void ofTime() {
        all.put("micros", (line, e, loop) -> line.append(e.elapsedNanos() / 1_000));
        all.put("msecs", (line, e, loop) -> line.append(e.elapsedNanos() / 1_000_000));
        all.put("secs", (line, e, loop) -> line.append(e.elapsedNanos() / 1_000_000_000));
        all.put("tmsecs", (line, e, loop) -> line.append(startMicros(e) / 1_000));
        all.put("tmicros", (line, e, loop) -> line.append(startMicros(e)));
        all.put("time", (line, e, loop) -> line.append(loop.epochSecond() - e.elapsedNanos() / 1_000_000_000));
        all.put("ltime", (line, e, loop) -> line.append(loop.logTime()));
        all.put("ftime", (line, e, loop) -> line.append(loop.logTime()));
        all.put("ctime", (line, e, loop) -> line.append(loop.ctime()));
        all.put("epoch", (line, e, loop) -> line.append(loop.epochSecond()));
    }

    private void ofWorker() {
        all.put("pid", (line, e, loop) -> line.append(pid(e)));
        all.put("wid", (line, e, loop) -> line.append(e.account().workerId()));
        all.put("core", (line, e, loop) -> line.append(Math.max(e.account().core(), 0)));
        all.put("switches", (line, e, loop) -> line.append('0'));
        all.put("vsz", (line, e, loop) -> line.append(memory(e, loop).vsz()));
        all.put("rss", (line, e, loop) -> line.append(memory(e, loop).rss()));
        all.put("vszM", (line, e, loop) -> line.append(memory(e, loop).vsz() / MEBI));
        all.put("rssM", (line, e, loop) -> line.append(memory(e, loop).rss() / MEBI));
    }

    @Nullable
    LogVariable find(String name) {
        return all.get(name);
    }

    /** Returns the client's address, or what a proxy says it is. */
    String address(ServerExchange exchange) {
        if (forwardedFor) {
            String told = exchange.request().fields().first("X-Forwarded-For");
            if (told != null && !told.isEmpty()) {
                return told;
            }
        }
        return exchange.request().remoteAddress();
    }

    /** Returns the memory of the process that answered. */
    WorkerMemory.Reading memory(ServerExchange exchange, LoopContext loop) {
        return memory.of(pid(exchange), loop);
    }

    /** Returns the process that answered: a worker, or this one. */
    static long pid(ServerExchange exchange) {
        long pid = exchange.account().workerPid();
        return pid == 0 ? OWN_PID : pid;
    }

    private static void field(StringBuilder line, ServerExchange exchange, String name) {
        Escaped.orDash(line, exchange.request().fields().first(name));
    }

    private static long startMicros(ServerExchange exchange) {
        return System.currentTimeMillis() * 1000 - exchange.elapsedNanos() / 1000;
    }
}
