package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestApplication;
import io.juwsgi.testkit.TestChain;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestLoop;
import io.juwsgi.testkit.TestRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What the server relies on in filters. A filter may answer by itself; then what concerns the application is passed over. */
public abstract class FilterContract extends PluginContract {
    private static final int MANY = 50;
    private static final int LINES = 2000;
    private static final int LONG = 16 * 1024 * 1024;

    /** For subclasses. */
    protected FilterContract() {}

    /** Returns requests that are typical for the filter; plain ones by default. */
    protected List<TestRequest> requests() {
        return List.of(
                TestRequest.get("/"),
                TestRequest.get("/a%20b?c=d").field("Accept-Encoding", "gzip"),
                TestRequest.of("HEAD", "/"),
                TestRequest.of("OPTIONS", "*"),
                TestRequest.of("BREW", "/pot").scheme("https"));
    }

    private TestChain chain() throws Exception {
        return TestChain.of(plugin(), arguments());
    }

    /** One request goes through once: the application is asked at most once, the client gets one response. */
    @Test
    public void everyExchangeEnds() throws Exception {
        for (TestRequest request : requests()) {
            try (TestChain chain = chain()) {
                chain.application().answers(200, "hello", "Content-Type", "text/plain");
                TestExchange exchange = chain.send(request);
                assertTrue(exchange.complete() || exchange.failure() != null, request.toString());
                assertTrue(
                        chain.asked().size() <= 1,
                        request + " was passed on " + chain.asked().size() + " times");
            }
        }
    }

    /** The application may take its time; meanwhile the event loop does other work. */
    @Test
    public void anAnswerMayComeLater() throws Exception {
        for (TestRequest request : requests()) {
            try (TestChain chain = chain()) {
                AtomicReference<Exchange> held = new AtomicReference<>();
                AtomicBoolean answers = new AtomicBoolean();
                chain.application().handledBy(inside -> {
                    held.set(inside);
                    // A filter may come here after it has waited for something itself.
                    if (answers.get()) {
                        TestApplication.reply(inside, 200, "late");
                    }
                });
                TestExchange exchange = chain.begin(chain.exchange(request));
                chain.loop().execute(() -> {
                    answers.set(true);
                    Exchange inside = held.get();
                    if (inside != null) {
                        assertFalse(exchange.ended(), "ended before the application answered: " + request);
                        TestApplication.reply(inside, 200, "late");
                    }
                });
                exchange.awaitEnd();
                chain.settle();
            }
        }
    }

    /** A failure of the application ends the exchange. */
    @Test
    public void aFailureOfTheApplicationEndsTheExchange() throws Exception {
        for (TestRequest request : requests()) {
            try (TestChain chain = chain()) {
                chain.application()
                        .handledBy(exchange ->
                                exchange.fail(Failure.upstream(502, "worker-died", "The worker has died.")));
                TestExchange exchange = chain.send(request);
                assertTrue(exchange.failure() != null || exchange.complete(), request.toString());
            }
        }
    }

    /** A client that goes away in the middle of its response costs nothing but that. */
    @Test
    public void aClientThatGoesAwayHurtsNobody() throws Exception {
        for (TestRequest request : requests()) {
            try (TestChain chain = chain()) {
                TestExchange exchange = chain.exchange(request);
                AtomicReference<Exchange> held = new AtomicReference<>();
                chain.application().handledBy(inside -> {
                    held.set(inside);
                    inside.response().head(new Response(200, "OK", Fields.of("Content-Type", "text/plain")));
                    inside.response().data(exchange.chunk(text("first")));
                });
                chain.begin(exchange);
                exchange.clientGone();
                Exchange inside = held.get();
                if (inside != null) {
                    chain.loop().execute(() -> {
                        inside.response().data(exchange.chunk(text("second")));
                        inside.response().end();
                    });
                }
                chain.settle();
                assertEquals(0, exchange.awaitEnd().heldChunks(), "chunks that nobody released: " + request);
            }
        }
    }

    /** What a slow client does not take is not gathered without end: the application has to wait, and is told to go on. */
    @Test
    public void aSlowClientSlowsTheApplication() throws Exception {
        try (TestChain chain = chain()) {
            TestExchange exchange = chain.exchange(requests().getFirst());
            Streaming streaming = new Streaming(exchange, LONG);
            chain.application().handledBy(streaming::begin);
            exchange.writable(false);
            chain.begin(exchange);
            if (!chain.asked().isEmpty()) {
                assertTrue(streaming.sent() < LONG, "a client that takes nothing was sent " + LONG + " bytes");
                exchange.writable(true);
                exchange.awaitEnd();
                chain.settle();
                assertTrue(exchange.complete());
                assertEquals(0, exchange.heldChunks(), "chunks that nobody released");
            }
        }
    }

    /** A request's body reaches the application, and nobody keeps its chunks. */
    @Test
    public void aBodyIsReadToItsEnd() throws Exception {
        try (TestChain chain = chain()) {
            AtomicReference<Exchange> held = new AtomicReference<>();
            chain.application().handledBy(exchange -> {
                held.set(exchange);
                exchange.body().read(new Counting(exchange));
            });
            TestExchange exchange = chain.exchange(TestRequest.post("/")).streamedBody(-1);
            chain.begin(exchange);
            for (int i = 0; i < MANY && !exchange.ended(); i++) {
                exchange.sendBody(text("part of a body "));
            }
            exchange.endBody(Fields.of("X-Sum", "1"));
            exchange.awaitEnd();
            chain.settle();
            Exchange inside = held.get();
            if (inside != null) {
                assertEquals(0, exchange.heldChunks(), "chunks that nobody released");
                assertEquals("1", inside.body().trailers().first("x-sum"), "the body's trailers");
            }
        }
    }

    /** Heads before a response (103) and fields behind its body go on, whatever is done to what is between. */
    @Test
    public void whatComesBeforeAndBehindAResponseGoesOn() throws Exception {
        for (TestRequest request : requests()) {
            try (TestChain chain = chain()) {
                chain.application().handledBy(inside -> {
                    inside.response().interim(new Response(103, "Early Hints", Fields.of("Link", "</a.css>")));
                    inside.response().head(new Response(200, "OK", Fields.of("Content-Type", "text/plain")));
                    inside.response().data(Chunk.of(text("words ".repeat(LINES))));
                    inside.response().trailers(Fields.of("X-Sum", "1"));
                    inside.response().end();
                });
                TestExchange exchange = chain.send(request);
                if (!chain.asked().isEmpty() && exchange.status() == 200) {
                    assertEquals(1, exchange.interims().size(), "103 for " + request);
                    assertEquals("1", exchange.trailers().first("x-sum"), "trailers for " + request);
                }
            }
        }
    }

    /** One filter object serves all event loops. */
    @Test
    public void severalEventLoopsUseItAtATime() throws Exception {
        try (TestChain chain = chain();
                TestLoop one = new TestLoop();
                TestLoop two = new TestLoop()) {
            chain.application().answers(200, "hello", "Content-Type", "text/plain");
            List<TestExchange> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                for (TestRequest request : requests()) {
                    all.add(TestExchange.of(request, i % 2 == 0 ? one : two));
                }
            }
            all.forEach(chain::enter);
            all.forEach(TestExchange::awaitEnd);
            one.settle();
            two.settle();
            assertEquals(List.of(), one.thrown());
            assertEquals(List.of(), two.thrown());
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Counts a body and answers with the number. */
    private static final class Counting implements RequestBody.Receiver {
        private final Exchange exchange;
        private int bytes;

        Counting(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void data(Chunk chunk) {
            bytes += chunk.size();
            chunk.release();
        }

        @Override
        public void end() {
            TestApplication.reply(exchange, 200, String.valueOf(bytes));
        }

        @Override
        public void failed(Failure failure) {
            exchange.fail(failure);
        }
    }
}
