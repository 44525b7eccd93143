package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.router.chain.ChainPlan.FilterPart;
import io.juwsgi.router.rude.Rude;
import io.juwsgi.spi.exchange.ChangedRequest;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingExchange;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Filters between a real client and a handler. */
class ChainTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    /** Adds its mark to the request and to the response, in the order in which they pass. */
    private record Marker(String mark) implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            String before = exchange.request().fields().first("way");
            next.handle(exchange.withRequest(
                            new ChangedRequest(exchange.request()).field("way", (before == null ? "" : before) + mark))
                    .withResponse(new ForwardingSink(exchange.response()) {
                        @Override
                        public void head(Response head) {
                            String back = head.fields().first("Back");
                            head.fields().set("Back", (back == null ? "" : back) + mark);
                            super.head(head);
                        }
                    }));
        }
    }

    private static ChainPlan plan(FilterPart... filters) {
        return new ChainPlan(List.of(filters), List.of(), () -> {});
    }

    private static RouterFixture serving(Handler handler, ChainPlan plan) {
        RouterFixture fixture = RouterFixture.http(handler);
        fixture.router.chain(plan);
        return fixture;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 20 s").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void requestsPassPhasesInOrderWithinThemByIdAndResponsesPassBack() throws Exception {
        ChainPlan plan = plan(Stream.of("CONTENT", "LOG", "EARLY", "ACCESS", "CACHE", "TRANSFORM", "REWRITE")
                .flatMap(phase -> Stream.of("2", "1")
                        .map(n -> new FilterPart(
                                phase.toLowerCase() + n, Phase.valueOf(phase), new Marker(phase.substring(0, 2) + n))))
                .toArray(FilterPart[]::new));
        try (RouterFixture fixture = serving(Apps.mirror(), plan);
                Wire wire = fixture.connect()) {
            String response = wire.send(GET).response();
            assertThat(response)
                    .contains("HTTP_WAY=LO1LO2EA1EA2RE1RE2AC1AC2CA1CA2TR1TR2CO1CO2\n")
                    .contains("Back: CO2CO1TR2TR1CA2CA1AC2AC1RE2RE1EA2EA1LO2LO1\r\n");
        }
    }

    @Test
    void aFilterMayAnswerByItself() throws Exception {
        Filter answering = (exchange, next) -> Apps.answer(exchange, 403, "no");
        try (RouterFixture fixture = serving(Apps.text("yes"), plan(new FilterPart("guard", Phase.ACCESS, answering)));
                Wire wire = fixture.connect()) {
            assertThat(wire.send(GET).response()).startsWith("HTTP/1.1 403").endsWith("no");
        }
    }

    @Test
    void aChangedRequestShowsInTheVariables() throws Exception {
        Filter rewriting = (exchange, next) -> next.handle(exchange.withRequest(new ChangedRequest(exchange.request())
                .path("/new")
                .query("a=b")
                .method("POST")
                .scheme("https")
                .remoteAddress("192.0.2.1")
                .field("X-Added", "1")
                .withoutField("Cookie")));
        try (RouterFixture fixture = serving(Apps.mirror(), plan(new FilterPart("rewrite", Phase.REWRITE, rewriting)));
                Wire wire = fixture.connect()) {
            assertThat(wire.send("GET /old?c HTTP/1.1\r\nHost: x\r\nCookie: secret\r\n\r\n")
                            .response())
                    .contains("PATH_INFO=/new\n", "QUERY_STRING=a=b\n", "REQUEST_METHOD=POST\n", "HTTPS=on\n")
                    .contains("REMOTE_ADDR=192.0.2.1\n", "HTTP_X_ADDED=1\n", "REQUEST_URI=/old?c\n")
                    .doesNotContain("secret", "PATH_INFO=/old");
        }
    }

    @Test
    void aFilterMayGoOnLater() throws Exception {
        Filter later = (exchange, next) ->
                Thread.ofVirtual().start(() -> exchange.eventLoop().execute(() -> next.handle(exchange)));
        try (RouterFixture fixture = serving(Apps.text("late"), plan(new FilterPart("late", Phase.ACCESS, later)));
                Wire wire = fixture.connect()) {
            assertThat(wire.send(GET).response()).startsWith("HTTP/1.1 200").endsWith("late");
        }
    }

    /** An exchange of a filter's own, as a cache has for its own questions: it goes on when the client has its answer. */
    private static final class Detached extends ForwardingExchange {
        private final List<Runnable> listeners = new ArrayList<>();

        Detached(Exchange exchange) {
            super(exchange);
        }

        @Override
        public boolean ended() {
            return false;
        }

        @Override
        public void onEnd(Runnable listener) {
            listeners.add(listener);
        }

        @Override
        public ResponseSink response() {
            return new ForwardingSink(super.response()) {};
        }
    }

    @Test
    void aChainIsOpenAsLongAsAnExchangeOfAFiltersOwnIsInIt() throws Exception {
        AtomicReference<Detached> inside = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        Filter detaching = (exchange, next) -> {
            Detached own = new Detached(exchange);
            inside.set(own);
            next.handle(own);
        };
        ChainPlan plan =
                new ChainPlan(List.of(new FilterPart("own", Phase.CACHE, detaching)), List.of(), closed::countDown);
        try (RouterFixture fixture = serving(Apps.text("fine"), plan);
                Wire wire = fixture.connect()) {
            assertThat(wire.send(GET).response()).endsWith("fine");
            fixture.router.chain(plan());
            assertThat(wire.send(GET).response()).endsWith("fine");
            assertThat(closed.getCount()).isEqualTo(1);
            inside.get().listeners.forEach(Runnable::run);
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anExceptionIsA500ThatNamesThePluginAndIsCounted() throws Exception {
        List<String> log = new ArrayList<>();
        try (LogTap tap = new LogTap("io.juwsgi.router.chain.Conduct", log);
                RouterFixture fixture = serving(
                        Apps.text("fine"),
                        plan(
                                new FilterPart("outer", Phase.EARLY, (exchange, next) -> next.handle(exchange)),
                                new FilterPart("thrower", Phase.ACCESS, new Rude.Thrower())));
                Wire wire = fixture.connect()) {
            assertThat(wire.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").response())
                    .startsWith("HTTP/1.1 500")
                    .doesNotContain("rude");
            assertThat(wire.send(GET).response()).endsWith("fine");
            assertThat(log)
                    .singleElement()
                    .asString()
                    .contains(" plugin=thrower failed: java.lang.IllegalStateException: rude in handle");
            assertThat(exceptions(fixture, "thrower")).isEqualTo(1);
            assertThat(exceptions(fixture, "outer")).isZero();
        }
    }

    @Test
    void whatASinkThrowsStaysAwayFromTheHandler() throws Exception {
        AtomicReference<Throwable> atHandler = new AtomicReference<>();
        Handler handler = exchange -> {
            try {
                Apps.answer(exchange, 200, "body");
            } catch (RuntimeException e) {
                atHandler.set(e);
            }
        };
        try (RouterFixture fixture =
                        serving(handler, plan(new FilterPart("sink", Phase.TRANSFORM, new Rude.SinkThrower())));
                Wire wire = fixture.connect()) {
            assertThat(wire.send(GET).response()).startsWith("HTTP/1.1 500");
            assertThat(wire.send(GET).response()).startsWith("HTTP/1.1 500");
            assertThat(atHandler).hasNullValue();
            assertThat(exceptions(fixture, "sink")).isEqualTo(2);
        }
    }

    @Test
    void whatAListenerOfTheEndThrowsHurtsNobody() throws Exception {
        try (RouterFixture fixture =
                        serving(Apps.text("fine"), plan(new FilterPart("end", Phase.LOG, new Rude.EndThrower())));
                Wire wire = fixture.connect()) {
            assertThat(wire.send(GET).response()).endsWith("fine");
            assertThat(wire.send(GET).response()).endsWith("fine");
            fixture.logLine();
            fixture.logLine();
            assertThat(exceptions(fixture, "end")).isEqualTo(2);
        }
    }

    @Test
    void anExceptionOfTheApplicationIsBlamedOnNoFilter() throws Exception {
        Handler failing = exchange -> {
            throw new IllegalStateException("of the application");
        };
        try (RouterFixture fixture = serving(failing, plan(new FilterPart("outer", Phase.EARLY, new Rude.Thrower())));
                Wire wire = fixture.connect()) {
            assertThat(wire.send(GET).response()).startsWith("HTTP/1.1 500");
            assertThat(exceptions(fixture, "outer")).isZero();
        }
    }

    @Test
    void aSwapLeavesOldExchangesInTheOldChainAndClosesItBehindTheLast() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ChainPlan old = new ChainPlan(
                List.of(new FilterPart("old", Phase.TRANSFORM, new Marker("old"))), List.of(), closed::countDown);
        try (RouterFixture fixture = serving(Apps.hold(held, came), old);
                Wire first = fixture.connect();
                Wire second = fixture.connect()) {
            first.send(GET);
            assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
            fixture.router.chain(plan(new FilterPart("new", Phase.TRANSFORM, new Marker("new"))));
            fixture.router.handler(0, Apps.text("now"));
            assertThat(second.send(GET).response()).contains("Back: new\r\n");
            assertThat(closed.getCount()).isEqualTo(1);
            held.get().eventLoop().execute(() -> Apps.answer(held.get(), 200, "then"));
            assertThat(first.response()).contains("Back: old\r\n").endsWith("then");
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(first.send(GET).response()).contains("Back: new\r\n");
        }
    }

    @Test
    void swapsWhileRequestsRunLoseNoneAndCloseEachChainOnce() throws Exception {
        java.util.concurrent.atomic.AtomicInteger closed = new java.util.concurrent.atomic.AtomicInteger();
        int swaps = 200;
        try (RouterFixture fixture = RouterFixture.http(Apps.text("fine"));
                Wire wire = fixture.connect()) {
            Thread swapping = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < swaps; i++) {
                    fixture.router.chain(new ChainPlan(
                            List.of(new FilterPart("f", Phase.EARLY, (exchange, next) -> next.handle(exchange))),
                            List.of(),
                            closed::incrementAndGet));
                }
                fixture.router.chain(ChainPlan.EMPTY);
            });
            do {
                assertThat(wire.send(GET).response()).endsWith("fine");
            } while (swapping.isAlive());
            await(() -> closed.get() == swaps);
        }
    }

    @Test
    void aPluginThatBlocksTheEventLoopIsNamedOnce() throws Exception {
        List<String> log = java.util.Collections.synchronizedList(new ArrayList<>());
        CountDownLatch release = new CountDownLatch(1);
        try (LogTap tap = new LogTap("io.juwsgi.router.chain.Conduct", log);
                RouterFixture fixture = serving(
                        Apps.text("at last"), plan(new FilterPart("blocker", Phase.EARLY, new Rude.Blocker(release))));
                Wire wire = fixture.connect()) {
            wire.send(GET);
            try {
                await(() -> fixture.router.extensionStats().getFirst().blocked() == 1);
            } finally {
                // Here, since a blocked loop cannot be closed.
                release.countDown();
            }
            assertThat(wire.response()).endsWith("at last");
            assertThat(log)
                    .singleElement()
                    .asString()
                    .startsWith("plugin=blocker blocks the event loop juwsgi-loop-0 for more than 200 ms in ")
                    .contains("Rude$Blocker.handle");
        }
    }

    private static long exceptions(RouterFixture fixture, String id) {
        return fixture.router.extensionStats().stream()
                .filter(stats -> stats.id().equals(id))
                .findFirst()
                .orElseThrow()
                .exceptions();
    }

    /** Collects what one logger writes. */
    private static final class LogTap extends java.util.logging.Handler implements AutoCloseable {
        private final Logger logger;
        private final List<String> lines;

        LogTap(String name, List<String> lines) {
            this.logger = Logger.getLogger(name);
            this.lines = lines;
            setLevel(Level.ALL);
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }
}
