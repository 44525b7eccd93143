package io.juwsgi.plugin.access;

import io.juwsgi.spi.exchange.ChangedRequest;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Asks for a user and password (RFC 7617). A password that was not given before is checked on threads of the filter's own,
 * few of them: whoever tries many keeps no event loop and not the whole machine busy. Thread-safe.
 */
final class BasicAuthFilter implements Filter, MetricSource {
    private static final int THREADS = 2;
    private static final int WAITING = 64;
    private static final Failure BUSY = Failure.gateway(
            503, "auth-busy", "The server is checking too many passwords at the moment. Please try again.");

    private final PasswordFile users;
    private final Paths paths;
    private final String challenge;
    private final ThreadPoolExecutor threads;
    private final LongAdder passed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    BasicAuthFilter(BasicAuthSettings settings, PasswordFile users) {
        this.users = users;
        this.paths = Paths.of("paths", settings.paths());
        this.challenge = "Basic realm=\"" + settings.realm() + "\", charset=\"UTF-8\"";
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                5,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("juwsgi-password-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        if (!paths.hold(exchange.request().path())) {
            next.handle(exchange);
            return;
        }
        Credentials credentials = Credentials.parse(exchange.request().fields().first("authorization"));
        if (credentials == null) {
            ask(exchange, "auth-needed");
        } else if (users.remembers(credentials.user(), credentials.password())) {
            pass(exchange, next, credentials);
        } else {
            check(exchange, next, credentials);
        }
    }

    private void check(Exchange exchange, Handler next, Credentials credentials) {
        try {
            threads.execute(() -> {
                boolean right = users.knows(credentials.user(), credentials.password());
                exchange.eventLoop().execute(() -> {
                    if (exchange.ended()) {
                        return;
                    }
                    if (right) {
                        pass(exchange, next, credentials);
                    } else {
                        ask(exchange, "auth-wrong");
                    }
                });
            });
        } catch (RejectedExecutionException e) {
            exchange.fail(BUSY);
        }
    }

    private void pass(Exchange exchange, Handler next, Credentials credentials) {
        passed.increment();
        byte[] user = credentials.user().getBytes(StandardCharsets.UTF_8);
        next.handle(exchange.withRequest(
                new ChangedRequest(exchange.request()).remoteUser(new String(user, StandardCharsets.ISO_8859_1))));
    }

    private void ask(Exchange exchange, String why) {
        refused.increment();
        exchange.account().why(why);
        Fields fields = Fields.of("WWW-Authenticate", challenge, "Content-Type", "text/plain; charset=utf-8");
        exchange.response().head(new Response(401, "Unauthorized", fields));
        exchange.response().data(Chunk.of("A user and password are needed.\n".getBytes(StandardCharsets.US_ASCII)));
        exchange.response().end();
    }

    @Override
    public void metrics(MetricSink sink) {
        sink.counter("basic_auth_passed", "Requests with a right password.", passed.sum());
        sink.counter("basic_auth_refused", "Requests with a wrong password or none.", refused.sum());
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
